/* The portal: one more blank row at a click. Without it, a saved form offers new blank rows. */
(() => {
  "use strict";
  document.querySelectorAll("button[data-add]").forEach((button) => {
    const prefix = button.dataset.add;
    const total = document.getElementById(`id_${prefix}-TOTAL_FORMS`);
    const empty = document.getElementById(`${prefix}-empty`);
    const rows = button.parentElement.querySelector("[data-rows], table.rows > tbody, .folds");
    button.hidden = false;
    button.addEventListener("click", () => {
      const number = Number(total.value);
      const copy = empty.content.cloneNode(true);
      const row = copy.querySelector("[data-row], tr, details");
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
    part.dispatchEvent(new CustomEvent("settled", { bubbles: true }));
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

/* A dialog that came back with an error stands in the page; here it opens again. */
(() => {
  "use strict";
  document.querySelectorAll(".dialog[data-open]").forEach((dialog) => {
    if (!dialog.showPopover) return;
    dialog.popover = "auto";
    dialog.showPopover();
    dialog.querySelector("[aria-invalid=true]")?.focus();
  });
})();

/* The doctor's title: right once every line has come, or will not come any more. */
(() => {
  "use strict";
  const title = document.querySelector("[data-verdict]");
  if (!title) return;
  const levels = { broken: "bad", look: "warn", well: "done" };
  const tell = async () => {
    if (document.querySelector("[data-line][aria-busy]")) return;
    const count = (shape) => document.querySelectorAll(`[data-line] > .state.${shape}`).length;
    const counts = Object.entries(levels).map(([level, shape]) => `${level}=${count(shape)}`).join("&");
    const answer = await fetch(`${title.dataset.verdict}?${counts}`, { headers: { "X-Fill": "yes" } });
    if (!answer.ok || answer.redirected) return;
    title.innerHTML = await answer.text();
    title.removeAttribute("aria-busy");
    document.title = `${title.querySelector("h1").textContent} · Vouch`;
  };
  title.setAttribute("aria-busy", "true");
  document.addEventListener("settled", (event) => { if (event.target.matches("[data-line]")) tell(); });
})();
