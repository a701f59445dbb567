/* The page of a reference saves itself. Without this script, or where it cannot, the Save button does. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-saves]");
  const line = document.getElementById("saved");
  if (!form || !line) return;
  const SOON = 1500, AGAIN = 10000; // milliseconds
  const touched = new Set(); // the fields that were written in since they were saved
  let timer = 0, running = null, isOver = false, hasFailed = false;

  const say = (words, isBad) => {
    line.textContent = words;
    line.classList.toggle("unsaved", isBad);
  };
  const body = (names) => {
    const data = new FormData(form);
    names.forEach((name) => data.append("touched", name));
    data.append("save", "1");
    return data;
  };
  const save = async (how = {}) => {
    clearTimeout(timer);
    if (isOver || !touched.size) return;
    if (running) { timer = setTimeout(save, SOON); return; }
    const names = [...touched];
    touched.clear();
    running = new AbortController();
    try {
      const answer = await fetch(location.pathname, {
        method: "POST", body: body(names), headers: { "X-Save": "yes" }, redirect: "error", signal: running.signal, ...how,
      });
      if (!answer.ok && answer.status !== 409) throw new Error(answer.statusText);
      isOver = answer.status === 409; // sent from elsewhere, or too late: the page says so when it is sent
      hasFailed = isOver;
      say((await answer.text()).trim(), isOver);
    } catch {
      names.forEach((name) => touched.add(name));
      hasFailed = true;
      if (!isOver) say(form.dataset.unsaved, true);
      timer = setTimeout(save, AGAIN);
    }
    running = null;
  };

  form.addEventListener("input", (event) => {
    if (!event.target.name) return;
    touched.add(event.target.name);
    clearTimeout(timer);
    timer = setTimeout(save, SOON);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save({ keepalive: true });
  });
  addEventListener("online", () => save());
  addEventListener("beforeunload", (event) => {
    if (hasFailed && !form.hasAttribute("data-sent")) event.preventDefault();
  });
  // What the form itself sends has everything in it. Coming back by the browser's button, one goes on.
  form.addEventListener("submit", () => {
    form.setAttribute("data-sent", "");
    clearTimeout(timer);
    isOver = true;
    running?.abort();
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    form.removeAttribute("data-sent");
    isOver = false;
  });
})();
