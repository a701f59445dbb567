/* The survey editor: reordering by hand and by keyboard, fields that fit the kind of answer, follow-ups, and merge
   fields checked while one types. Without it every field is shown, and the number in "order" says the place. */
(() => {
  "use strict";
  const list = document.querySelector("[data-questions]");
  if (!list) return;
  const words = JSON.parse(list.dataset.words);
  const prefix = list.dataset.questions;
  const told = document.querySelector("[data-told]");
  const total = document.getElementById(`id_${prefix}-TOTAL_FORMS`);
  const PARTICULAR = ["competency", "labels", "may_be_unobserved", "reason_label"];
  const READ = /-(?:[a-z]{2}_)?(?:section|text|help|labels|reason_label)$/;

  const rows = () => [...list.children];
  const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const value = (row, name) => field(row, name).value.trim();
  const number = (row) => field(row, "answer").name.split("-")[1];
  const way = (row) => words.ways[value(row, "answer")];
  const isBlank = (row) => !value(row, "text") && !value(row, "competency") && !field(row, "id").value;
  const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
  const linesOf = (control) => control.value.split("\n").map((line) => line.trim()).filter(Boolean);

  // --- one row: its summary, and the fields that matter --------------------------------------------------

  const put = (row, what, text) => { row.querySelector(`[data-${what}]`).textContent = text; };
  const summarize = (row) => {
    const chosen = [...row.querySelectorAll("[name$='-relationships']:checked")].map((box) => words.named[box.value]);
    const text = value(row, "text").replace(/\s+/g, " ");
    if (text) put(row, "text", short(text, 110));
    put(row, "way", way(row).words);
    put(row, "competency", way(row).uses.includes("competency") ? value(row, "competency") : "");
    put(row, "whom", chosen.join(", "));
    row.classList.toggle("goes", field(row, "DELETE").checked);
    row.querySelectorAll("[data-of]").forEach((part) => { part.textContent = short(text, 60); });
  };
  const fit = (row) => {
    const { uses, usual } = way(row);
    PARTICULAR.forEach((name) => {
      row.querySelectorAll(`.uses-${name}`).forEach((part) => { part.hidden = !uses.includes(name); });
    });
    field(row, "labels").placeholder = usual.join("\n");
  };

  // --- follow-ups ----------------------------------------------------------------------------------------

  const slug = (text) => text.normalize("NFKD").replace(/[^\w\s-]/g, "").trim().toLowerCase().replace(/[-\s]+/g, "-").slice(0, 50);
  const keyOf = (row) => {
    const known = rows().filter((other) => other !== row).map((other) => value(other, "key"));
    const wish = slug(value(row, "competency") || value(row, "text")) || "question";
    let key = value(row, "key") || wish;
    for (let count = 2; !value(row, "key") && known.includes(key); count += 1) key = `${wish}-${count}`;
    return key;
  };
  const answersOf = (row) => {
    const { leads, usual } = way(row);
    const own = linesOf(field(row, "labels"));
    if (leads === "yes-no") return words.yesOrNo;
    if (leads === "words") return own.map((label) => [label.slice(0, 300), label]);
    if (leads !== "steps") return [];
    const steps = (own.length ? own : usual).map((label, place) => [String(place + 1), label]);
    return field(row, "may_be_unobserved").checked ? [...steps, words.unseen] : steps;
  };
  const option = (text, key, chosen) => new Option(text, key, false, key === chosen);
  const offer = (row, before) => {
    const select = field(row, "shown_if");
    const chosen = select.value;
    const leading = before.filter((other) => answersOf(other).length);
    const found = leading.find((other) => keyOf(other) === chosen);
    select.replaceChildren(option(words.always, "", chosen), ...leading.map((other) => option(short(value(other, "text"), 60), keyOf(other), chosen)));
    if (chosen && !found) select.add(option(words.notBefore.replace("[key]", chosen), chosen, chosen));
    choose(row, found ? answersOf(found) : [], Boolean(chosen));
  };
  const choose = (row, answers, isFollowUp) => {
    const part = row.querySelector("[data-answers]");
    const place = part.querySelector(".row") || part.querySelector("fieldset").appendChild(document.createElement("div"));
    const ticked = [...place.querySelectorAll(":checked")].map((box) => box.value);
    place.className = "row";
    part.hidden = !isFollowUp;
    place.replaceChildren(...answers.map(([sent, label], count) => {
      const box = Object.assign(document.createElement("input"), {
        type: "checkbox", name: `${prefix}-${number(row)}-shown_for`, value: sent, checked: ticked.includes(sent),
        id: `id_${prefix}-${number(row)}-shown_for_${count}`,
      });
      const line = Object.assign(document.createElement("label"), { className: "tick", htmlFor: box.id });
      line.append(box, Object.assign(document.createElement("span"), { textContent: label }));
      return line;
    }));
  };

  // --- all rows: numbers, headings, what comes before what -----------------------------------------------

  const refresh = () => {
    const all = rows();
    let section = "";
    all.forEach((row, place) => {
      const own = value(row, "section");
      const heading = row.querySelector("[data-heading]");
      heading.hidden = !own || own === section || isBlank(row);
      heading.textContent = own;
      if (!isBlank(row)) section = own;
      put(row, "number", `${place + 1}.`);
      field(row, "position").value = place + 1;
      row.querySelector("[data-move='-1']").disabled = place === 0;
      row.querySelector("[data-move='1']").disabled = place === all.length - 1;
      offer(row, all.slice(0, place).filter((other) => !isBlank(other)));
    });
    const names = new Set(all.map((row) => value(row, "section")).filter(Boolean));
    document.getElementById("sections").replaceChildren(...[...names].map((name) => new Option("", name)));
  };
  const dress = (row) => {
    row.querySelectorAll("[data-handle], [data-moves]").forEach((part) => { part.hidden = false; });
    row.querySelector("[data-order]").hidden = true;
    const buttons = document.getElementById(`${prefix}-fields`).content.cloneNode(true);
    row.querySelector("[data-inserts] .field").append(buttons);
    summarize(row);
    fit(row);
  };
  const move = (row, place) => {
    const others = rows().filter((other) => other !== row);
    list.insertBefore(row, others[place] || null);
    refresh();
    told.textContent = words.moved.replace("[place]", place + 1).replace("[all]", others.length + 1);
  };

  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const row = event.target.closest("[data-question]");
    if (button?.dataset.move) {
      move(row, rows().indexOf(row) + Number(button.dataset.move));
      (button.disabled ? row.querySelector("[data-move]:not(:disabled)") : button)?.focus();
    } else if (button?.dataset.insert) {
      insert(row, button.dataset.insert);
    }
  });
  list.addEventListener("input", (event) => {
    const row = event.target.closest("[data-question]");
    if (READ.test(event.target.name)) check(event.target);
    summarize(row);
  });
  list.addEventListener("change", (event) => {
    const row = event.target.closest("[data-question]");
    if (event.target.name.endsWith("-shown_if")) {
      const earlier = rows().find((other) => other !== row && keyOf(other) === event.target.value);
      if (earlier) field(earlier, "key").value = event.target.value;
    }
    summarize(row);
    fit(row);
    if (!event.target.name.endsWith("-shown_for")) refresh();
  });

  // --- dragging: a line shows where the row would go; it goes there when it is let go ---------------------

  let drag = null;
  const aim = (y) => {
    const others = rows().filter((row) => row !== drag.row);
    const after = others.findIndex((row) => y < row.getBoundingClientRect().top + row.offsetHeight / 2);
    drag.place = after < 0 ? others.length : after;
    rows().forEach((row) => row.classList.remove("before", "after"));
    if (after < 0) others.at(-1)?.classList.add("after");
    else others[after].classList.add("before");
  };
  const drop = (isKept) => {
    if (!drag) return;
    rows().forEach((row) => row.classList.remove("before", "after", "dragged"));
    const { row, place } = drag;
    drag = null;
    if (isKept && place !== null && place !== rows().indexOf(row)) move(row, place);
  };
  list.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    drag = { row: handle.closest("[data-question]"), place: null };
    drag.row.classList.add("dragged");
  });
  list.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (event.clientY < 70) scrollBy(0, -14);
    if (event.clientY > innerHeight - 70) scrollBy(0, 14);
    aim(event.clientY);
  });
  list.addEventListener("pointerup", () => drop(true));
  list.addEventListener("pointercancel", () => drop(false));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") drop(false); });

  // --- merge fields --------------------------------------------------------------------------------------

  const check = (control) => {
    const wrong = [...control.value.matchAll(/\{([^{}\n]*)\}/g)].find((found) => !words.fields.includes(found[1]));
    const part = control.closest(".field");
    let said = part.querySelector("[data-said]");
    if (!said) {
      said = Object.assign(document.createElement("p"), { className: "error", id: `${control.id}_said` });
      said.dataset.said = "";
      said.setAttribute("role", "status");
      part.insertBefore(said, control);
    }
    said.textContent = wrong ? words.unknown.replace("[field]", wrong[0]) : "";
    said.hidden = !wrong;
    control.setAttribute("aria-invalid", String(Boolean(wrong)));
    const others = (control.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== said.id);
    control.setAttribute("aria-describedby", [...others, ...(wrong ? [said.id] : [])].join(" "));
  };
  let last = null; // the text in which one wrote last, where a field is put
  list.addEventListener("focusin", (event) => { if (READ.test(event.target.name || "")) last = event.target; });
  const insert = (row, text) => {
    const control = last && row.contains(last) ? last : field(row, "text");
    control.setRangeText(text, control.selectionStart, control.selectionEnd, "end");
    control.focus();
    control.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // --- one more question ---------------------------------------------------------------------------------

  const more = document.querySelector(`[data-more="${prefix}"]`);
  more.hidden = false;
  more.addEventListener("click", () => {
    const waiting = rows().find((row) => isBlank(row) && !field(row, "DELETE").checked);
    const row = waiting || copy();
    const before = rows().findLast((other) => other !== row && !isBlank(other));
    if (before && !value(row, "section")) field(row, "section").value = value(before, "section");
    row.querySelector("details").open = true;
    refresh();
    field(row, "answer").focus();
  });
  const copy = () => {
    const place = document.createElement("div");
    place.innerHTML = document.getElementById(`${prefix}-blank`).innerHTML.replaceAll("__prefix__", total.value);
    const row = place.firstElementChild;
    total.value = Number(total.value) + 1;
    list.append(row);
    dress(row);
    return row;
  };

  rows().forEach(dress);
  refresh();
})();
