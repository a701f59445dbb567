/* Messages in own words: a field at a click, a wrong one named while typing, and the length of a text message. */
(() => {
  "use strict";
  const FIELD = /\{([^{}\n]*)\}/g;
  // What a text message has at one byte a character (3GPP 23.038); those of the second row count twice.
  const PLAIN = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
  const TWICE = "\f^{}\\[~]|€";
  const texts = [...document.querySelectorAll("[data-fields]")];
  const words = document.querySelector("[data-unknown]")?.dataset;
  if (!texts.length || !words) return;

  const said = (sentence, values) => sentence.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
  const line = (field, look, where) => {
    const paragraph = document.createElement("p");
    paragraph.className = look;
    paragraph.setAttribute("aria-live", "polite");
    field[where](paragraph);
    return paragraph;
  };

  const flag = (field, known, place) => {
    const wrong = [...field.value.matchAll(FIELD)].find((found) => !(found[1] in known));
    const names = Object.keys(known).map((name) => `{${name}}`).join(", ");
    place.textContent = wrong ? said(words.unknown, { field: wrong[0], known: names }) : "";
    place.hidden = !wrong;
  };

  const length = (text) => {
    const strange = [...text].find((each) => !PLAIN.includes(each) && !TWICE.includes(each));
    const units = strange ? text.length : [...text].reduce((sum, each) => sum + (TWICE.includes(each) ? 2 : 1), 0);
    const [one, more] = strange ? [70, 67] : [160, 153];
    return { strange, units, parts: units <= one ? 1 : Math.ceil(units / more) };
  };
  const count = (field, known, place) => {
    const found = length(field.value.replace(FIELD, (whole, name) => known[name] ?? whole));
    const sentence = said(words.count, { length: found.units, parts: found.parts });
    place.textContent = found.strange ? `${sentence} ${said(words.strange, { character: found.strange })}` : sentence;
  };

  let last = texts[texts.length - 1];
  texts.forEach((field) => {
    const known = JSON.parse(field.dataset.fields);
    const told = field.parentElement.querySelector(".error"); // by the server, of what was sent
    const error = line(field, "error", "before");
    error.hidden = true;
    const counter = field.dataset.counted ? line(field, "help", "after") : null;
    const look = (typed) => {
      if (typed) told?.remove();
      if (!told?.isConnected) flag(field, known, error);
      if (counter) count(field, known, counter);
    };
    field.addEventListener("input", look);
    field.addEventListener("focus", () => { last = field; });
    look();
  });

  document.querySelectorAll("button[data-insert]").forEach((button) => {
    button.previousElementSibling.hidden = true;
    button.hidden = false;
    button.addEventListener("click", () => {
      last.setRangeText(button.dataset.insert, last.selectionStart, last.selectionEnd, "end");
      last.dispatchEvent(new Event("input"));
      last.focus();
    });
  });
})();
