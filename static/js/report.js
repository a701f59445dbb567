/* A report: the button that prints it appears where it works. */
(() => {
  "use strict";
  document.querySelectorAll("button[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });
})();
