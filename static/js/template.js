/* The template editor: a tag says at once how it is kept, who else has it and which jobs carry it; rows are put in
   order by dragging, by buttons or by number. Without it, all of that is said and done when the form is saved. */
(() => {
  "use strict";
  const tag = document.querySelector("input[data-tag]");
  if (!tag) return;
  const form = tag.form;
  const said = document.createElement("div");
  const jobs = document.createElement("p");
  said.setAttribute("aria-live", "polite");
  jobs.className = "help";
  tag.after(said, jobs);

  const own = document.location.pathname.match(/\/(\d+)\/change\/$/);
  let asking;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const query = new URLSearchParams({ tag: tag.value, template: own ? own[1] : "" });
    ["name", "priority"].forEach((name) => query.set(name, form.elements[name]?.value ?? ""));
    try {
      const how = { headers: { "X-Fill": "yes" }, signal: asking.signal };
      const answer = await fetch(`${tag.dataset.tag}?${query}`, how);
      if (answer.ok && !answer.redirected) said.innerHTML = await answer.text();
    } catch { /* it is said when the form is saved */ }
  };
  // What Lever's open jobs carry comes by itself, if there is a connection.
  const count = () => {
    const list = document.getElementById("lever-tags");
    const same = [...(list?.options ?? [])].find((option) => option.value === tag.value.trim());
    jobs.textContent = same ? same.dataset.jobs : (tag.value.trim() && list?.dataset.none) || "";
  };
  let pause;
  const soon = () => { clearTimeout(pause); pause = setTimeout(ask, 300); };
  tag.addEventListener("input", () => {
    const lower = tag.value.toLowerCase();
    if (lower !== tag.value) {
      const [from, to] = [tag.selectionStart, tag.selectionEnd];
      tag.value = lower;
      tag.setSelectionRange(from, to);
    }
    count();
    soon();
  });
  ["name", "priority"].forEach((name) => form.elements[name]?.addEventListener("input", soon));
  document.addEventListener("filled", count);
  if (tag.value) ask();
})();

(() => {
  "use strict";
  const list = document.querySelector("[data-rows]");
  if (!list) return;
  const placed = document.querySelector("[data-placed]");
  const rows = () => [...list.querySelectorAll(":scope > [data-row]")];
  const place = (row) => row.querySelector("[name$='-position']");
  const settle = (row) => {
    const all = rows();
    all.forEach((each, index) => {
      place(each).value = index + 1;
      each.ariaLabel = each.ariaLabel.replace(/\d+/, index + 1);
    });
    placed.textContent = list.dataset.place.replace("{n}", all.indexOf(row) + 1).replace("{all}", all.length);
  };
  const put = (row, index) => {
    const others = rows().filter((each) => each !== row);
    if (index >= others.length) others.at(-1)?.after(row);
    else others[index].before(row);
    settle(row);
  };
  list.classList.add("live");
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const row = button.closest("[data-row]");
    put(row, Math.max(0, rows().indexOf(row) + Number(button.dataset.move)));
    button.focus();
  });
  list.addEventListener("change", (event) => {
    const row = event.target.closest("[data-row]");
    if (event.target !== place(row) || !event.target.value) return;
    put(row, Math.max(0, Number(event.target.value) - 1));
    event.target.focus();
  });
  // By mouse, pen or finger.
  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip) return;
    event.preventDefault();
    const row = grip.closest("[data-row]");
    const middle = (each) => { const box = each.getBoundingClientRect(); return box.top + box.height / 2; };
    const move = (to) => {
      const others = rows().filter((each) => each !== row);
      const index = others.filter((each) => middle(each) < to.clientY).length;
      if (index !== rows().indexOf(row)) put(row, index);
    };
    const drop = () => {
      row.classList.remove("held");
      removeEventListener("pointermove", move);
    };
    row.classList.add("held");
    addEventListener("pointermove", move);
    addEventListener("pointerup", drop, { once: true });
    addEventListener("pointercancel", drop, { once: true });
  });
})();
