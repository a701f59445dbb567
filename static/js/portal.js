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
