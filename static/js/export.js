/* The export's page: how far it is, asked for every two seconds as long as it runs and somebody can see it. Without it:
   reload. What was chosen in the drop-downs stays when Lever's answer fills them anew. */
(() => {
  "use strict";
  const EVERY = 2000;
  const part = document.getElementById("export");
  const news = document.getElementById("export-news");
  if (part) {
    let timer = 0;
    const said = () => part.querySelector("[data-news]")?.dataset.news || "";
    const runs = () => part.querySelector("[data-runs]") !== null;
    let before = said();
    const put = (text) => {
      const focused = part.contains(document.activeElement);
      part.innerHTML = text;
      const title = part.querySelector("[data-title]")?.dataset.title;
      if (title && title !== document.querySelector("h1").textContent) {
        document.title = document.title.replace(document.querySelector("h1").textContent, title);
        document.querySelector("h1").textContent = title;
      }
      if (focused) part.querySelector("button, a")?.focus({ preventScroll: true });
      if (said() !== before) news.textContent = before = said();
    };
    const ask = async () => {
      try {
        const answer = await fetch(part.dataset.every, { headers: { "X-Live": "yes" }, cache: "no-store", signal: AbortSignal.timeout(10000) });
        if (answer.redirected || answer.status === 403) return; // signed out meanwhile
        if (answer.ok) put(await answer.text());
      } catch { /* no connection now; asked again later */ }
      wait();
    };
    const wait = () => {
      clearTimeout(timer);
      if (runs() && !document.hidden) timer = setTimeout(ask, EVERY);
    };
    document.addEventListener("visibilitychange", () => { clearTimeout(timer); if (!document.hidden && runs()) ask(); });
    wait();
  }

  const choices = document.getElementById("choices");
  if (!choices) return;
  const chosen = {};
  let here = "";
  choices.addEventListener("change", (event) => { chosen[event.target.name] = event.target.value; });
  choices.addEventListener("focusin", (event) => { here = event.target.id; });
  choices.addEventListener("filled", () => {
    Object.entries(chosen).forEach(([name, value]) => {
      const control = choices.querySelector(`[name="${name}"]`);
      if ([...control.options].some((option) => option.value === value)) control.value = value;
    });
    if (here && document.activeElement === document.body) document.getElementById(here)?.focus();
  });
})();
