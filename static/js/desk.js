/* The desk, kept up to date: the same page is asked for every 20 seconds as long as somebody can see it, and of what
   comes only the parts that changed are put in. Focus and open menus stay where they are. Without it: reload. */
(() => {
  "use strict";
  const EVERY = 20000;
  const news = document.querySelector("[data-news]");
  let etag = "";
  let timer = 0;

  const plain = (part) => part.innerHTML.replace(/ (?:name="csrfmiddlewaretoken" )?value="[^"]*"/g, "").replace(/ open=""/g, "");
  const parts = (root) => new Map([...root.querySelectorAll("[data-live]")].map((part) => [part.dataset.live, part]));
  /* What finds a link, a button or a summary again after its part was put in anew. */
  const sign = (element) => element && `${element.tagName} ${element.href || element.form?.action || ""} ${element.textContent}`;
  const twin = (part, wanted) => [...part.querySelectorAll("a, button, summary")].find((each) => sign(each) === wanted);

  const put = (old, fresh) => {
    const focused = old.contains(document.activeElement) ? sign(document.activeElement) : "";
    const open = [...old.querySelectorAll("details[open] > summary")].map(sign);
    old.replaceChildren(...fresh.childNodes);
    open.forEach((wanted) => { const found = twin(old, wanted); if (found) found.parentElement.open = true; });
    if (!focused) return;
    const found = twin(old, focused) || old.querySelector("h1, h2") || document.querySelector("h1");
    if (!found.matches("a, button, summary")) found.tabIndex = -1;
    found.focus({ preventScroll: true });
  };
  const take = (text) => {
    const fresh = parts(new DOMParser().parseFromString(text, "text/html"));
    const title = document.querySelector("h1").textContent;
    parts(document).forEach((old, name) => {
      const part = fresh.get(name);
      if (part && plain(part) !== plain(old)) put(old, document.adoptNode(part));
    });
    const now = document.querySelector("h1").textContent;
    if (now !== title) news.textContent = now;
  };
  const ask = async () => {
    let goesOn = true;
    try {
      const answer = await fetch(location.href, { headers: { "X-Live": "yes", ...(etag && { "If-None-Match": etag }) }, cache: "no-store", signal: AbortSignal.timeout(15000) });
      if (answer.redirected || answer.status === 403) goesOn = false; // signed out meanwhile
      else if (answer.status === 200) {
        etag = answer.headers.get("ETag") || "";
        take(await answer.text());
      }
    } catch { /* no connection now; asked again later */ }
    if (goesOn) wait();
  };
  const wait = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(ask, EVERY);
  };
  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!document.hidden) ask();
  });
  wait();
})();
