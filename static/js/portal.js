/* The portal: one more blank row at a click. Without it, a saved form offers new blank rows. */
(() => {
  "use strict";
  document.querySelectorAll("button[data-add]").forEach((button) => {
    const prefix = button.dataset.add;
    const total = document.getElementById(`id_${prefix}-TOTAL_FORMS`);
    const empty = document.getElementById(`${prefix}-empty`);
    const rows = button.parentElement.querySelector("table.rows > tbody, .folds");
    button.hidden = false;
    button.addEventListener("click", () => {
      const number = Number(total.value);
      const copy = empty.content.cloneNode(true);
      const row = copy.querySelector("tr, details");
      row.innerHTML = row.innerHTML.replaceAll("__prefix__", number);
      const position = row.querySelector("[name$='-position']");
      if (position) position.value = number + 1;
      rows.append(row);
      total.value = number + 1;
      row.querySelector("select, input:not([type=hidden])").focus();
    });
  });
})();

/* Parts that somebody else must be asked for: the page is here at once, they come when they come. What comes may
   hold further such parts. Three at a time, so that a slow one keeps no more than that waiting. */
(() => {
  "use strict";
  const AT_ONCE = 3;
  const waiting = [];
  let running = 0;

  const fill = async (part) => {
    try {
      const answer = await fetch(part.dataset.fill, { headers: { "X-Fill": "yes" }, signal: AbortSignal.timeout(30000) });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      part.innerHTML = await answer.text();
      part.dispatchEvent(new CustomEvent("filled", { bubbles: true }));
      look(part);
    } catch {
      part.querySelectorAll("[data-unfilled]").forEach((words) => { words.hidden = false; });
      part.querySelectorAll("[data-filling]").forEach((words) => { words.hidden = true; });
    }
    part.removeAttribute("aria-busy");
  };
  const next = async () => {
    if (running >= AT_ONCE || !waiting.length) return;
    running += 1;
    await fill(waiting.shift());
    running -= 1;
    next();
  };
  const look = (root) => root.querySelectorAll("[data-fill]").forEach((part) => {
    part.setAttribute("aria-busy", "true");
    setTimeout(() => { waiting.push(part); next(); }, Number(part.dataset.after || 0));
  });
  look(document);
})();
