/* The sandbox: everything here is a kindness; every page works without it.
   Every two seconds the page is fetched again, and the parts that changed are put in place. Focus stays where it is. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Times in the reader's own zone. What the server wrote is kept, to see later whether it wrote something else.
  const written = new Map();
  const localize = (root) => all("time", root).forEach((time) => {
    const at = new Date(time.dateTime);
    const day = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
    time.textContent = "day" in time.dataset ? at.toLocaleString([], day) : at.toLocaleTimeString();
  });
  const remember = (root) => all("[data-live]", root).forEach((part) => written.set(part.id, part.outerHTML));

  const replace = (old, fresh) => {
    if (old.contains(document.activeElement)) return false;
    const copy = document.importNode(fresh, true);
    localize(copy);
    old.replaceWith(copy);
    return true;
  };

  const compare = (fresh) => {
    // First the lanes that someone entered or left, then the parts that say something new.
    all(".lane[id]").forEach((lane) => {
      const now = fresh.getElementById(lane.id);
      if (now && now.dataset.people !== lane.dataset.people && replace(lane, now)) remember(now);
    });
    all("[data-live]", fresh).forEach((now) => {
      const old = document.getElementById(now.id);
      const html = now.outerHTML;
      if (old && written.get(now.id) !== html && replace(old, now)) written.set(now.id, html);
    });
  };

  // Without a person in its address the page shows whoever changed last; it stays with the one it shows now.
  const shown = document.querySelector("[data-person]");
  const address = shown ? `/?person=${shown.dataset.person}` : location.href;
  const refresh = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (answer.ok) compare(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // The sandbox is away for a moment; the next round asks again.
    }
  };

  remember(document);
  localize(document);
  if (written.size) setInterval(refresh, 2000);

  // The lanes begin where the person shown below stands.
  const card = document.querySelector(".lanes .card[aria-current]");
  if (card) {
    const lanes = card.closest(".lanes");
    const lane = card.closest(".lane");
    lanes.scrollLeft = lane.offsetLeft - (lanes.clientWidth - lane.clientWidth) / 2;
  }
})();
