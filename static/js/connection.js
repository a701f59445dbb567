/* The connection's page: a key is tested where it is typed, and fresh choices from Lever leave alone what was chosen. */
(() => {
  "use strict";
  const offer = document.getElementById("offer");
  const reasons = document.getElementById("reasons");
  const button = document.querySelector("button[data-test]");
  if (!offer || !reasons || !button) return;
  const parts = [offer, reasons];
  const isAmong = (target) => parts.some((part) => part.contains(target));

  // What the person chose, and where they are, before the controls are put in anew.
  const chosen = {};
  let here = "";
  parts.forEach((part) => part.addEventListener("change", (event) => { chosen[event.target.name] = event.target.value; }));
  document.addEventListener("focusin", (event) => { here = isAmong(event.target) ? event.target.id : ""; });
  document.addEventListener("pointerdown", (event) => { if (!isAmong(event.target)) here = ""; });
  const restore = () => {
    const elsewhere = offer.querySelector("template[data-for]");
    if (elsewhere) {
      document.getElementById(elsewhere.dataset.for).replaceChildren(elsewhere.content);
      elsewhere.remove();
    }
    Object.entries(chosen).forEach(([name, value]) => {
      const control = document.querySelector(`#offer [name="${name}"], #reasons [name="${name}"]`);
      if ([...control.options].some((option) => option.value === value)) control.value = value;
    });
    if (here && document.activeElement === document.body) document.getElementById(here).focus();
  };
  offer.addEventListener("filled", restore);
  offer.addEventListener("click", async (event) => {
    if (!event.target.matches(".by-hand")) return;
    event.preventDefault();
    offer.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(offer.dataset.offers, { headers: { "X-Fill": "yes" }, signal: AbortSignal.timeout(45000) });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      offer.innerHTML = await answer.text();
      restore();
    } catch { /* what stands there stays */ }
    offer.removeAttribute("aria-busy");
  });

  document.querySelectorAll("[data-by-hand]").forEach((other) => { other.hidden = true; });
  button.hidden = false;
  button.addEventListener("click", async () => {
    const verdict = document.getElementById(button.dataset.into);
    const typed = new FormData(button.form);
    const sent = new FormData();
    ["csrfmiddlewaretoken", "new_api_key", "environment"].forEach((name) => {
      if (typed.has(name)) sent.set(name, typed.get(name));
    });
    button.disabled = true;
    verdict.textContent = verdict.dataset.asking;
    try {
      const how = { method: "POST", body: sent, headers: { "X-Fill": "yes" }, signal: AbortSignal.timeout(45000) };
      const answer = await fetch(button.dataset.test, how);
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      verdict.innerHTML = await answer.text();
      const fresh = verdict.querySelector("template");
      if (fresh) {
        offer.replaceChildren(fresh.content);
        fresh.remove();
        restore();
      }
    } catch {
      verdict.textContent = button.dataset.lost;
    }
    button.disabled = false;
    if (document.activeElement === document.body) button.focus();
  });
})();
