/* The candidate's form saves itself a moment after the last change: nothing typed is lost, whatever the device.
   Without this script there is a button that does the same. All words stand in the page. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const told = document.getElementById(form.dataset.autosave);
  const words = form.dataset;
  const PAUSE = 1500; // milliseconds
  let waiting = 0;
  let running = null;
  let isDirty = false;
  let isOver = false;

  const tell = (sentence, isBad) => {
    told.textContent = sentence;
    told.classList.toggle("hint", isBad);
  };
  const clock = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const show = (hints) => Object.entries(hints).forEach(([id, sentence]) => {
    const place = document.getElementById(id);
    if (!place || place.textContent === sentence) return;
    place.textContent = sentence;
    place.hidden = !sentence;
  });

  const send = (isLeaving) => {
    const sent = new FormData(form);
    sent.set("save", "1");
    return fetch(location.href, {
      method: "POST",
      body: new URLSearchParams(sent),
      headers: { Accept: "application/json" },
      keepalive: isLeaving,
    });
  };
  const save = async (isLeaving = false) => {
    clearTimeout(waiting);
    if (!isDirty || isOver || running) return;
    isDirty = false;
    running = send(isLeaving);
    try {
      const answer = await running;
      if (answer.ok) {
        show((await answer.json()).hints);
        tell(words.saved.replace("[time]", clock()), false);
      } else {
        isOver = answer.status === 409;
        isDirty = !isOver;
        tell(isOver ? words.late : answer.status === 404 || answer.status === 403 ? words.gone : words.failed, true);
      }
    } catch {
      isDirty = true;
      tell(words.failed, true);
    }
    running = null;
  };
  const later = () => {
    isDirty = true;
    clearTimeout(waiting);
    waiting = setTimeout(save, PAUSE);
  };

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => { isOver = true; }); // what is sent now is kept by that
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); });
  addEventListener("pagehide", () => save(true));
})();
