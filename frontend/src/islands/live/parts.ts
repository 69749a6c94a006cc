const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

/**
 * Fetches this page again and puts what the server now writes into the elements marked `data-live` (each has an id).
 * Nothing else of the page is touched; focus, scroll positions and open details stay where they are.
 */
export async function renewParts(): Promise<boolean> {
  const mine = [...document.querySelectorAll<HTMLElement>("[data-live][id]")];
  if (!mine.length) return true;
  const answer = await fetch(window.location.pathname + window.location.search, { headers: { accept: "text/html" } });
  if (!answer.ok) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of mine) {
    const now = fresh.getElementById(part.id);
    if (now && now.innerHTML !== part.dataset["written"]) replace(part, now);
  }
  return true;
}

/** Puts the content of `now` into `part`. */
export function replace(part: HTMLElement, now: Element): void {
  const stops = (): HTMLElement[] => [...part.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const held = stops().indexOf(document.activeElement as HTMLElement);
  const scrolled = [...part.querySelectorAll<HTMLElement>(".table-region")].map(({ scrollLeft, scrollTop }) => ({ scrollLeft, scrollTop }));
  const opened = [...part.querySelectorAll("details")].map((one) => one.open);
  part.dataset["written"] = now.innerHTML;
  part.replaceChildren(...[...now.childNodes].map((node) => document.importNode(node, true)));
  part.querySelectorAll<HTMLElement>(".table-region").forEach((region, i) => Object.assign(region, scrolled[i] ?? {}));
  part.querySelectorAll("details").forEach((one, i) => (one.open = opened[i] ?? one.open));
  if (held >= 0) stops()[held]?.focus({ preventScroll: true });
}
