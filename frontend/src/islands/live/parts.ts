const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

/** Fetches this page again and renews its parts. False when the server did not answer with a page. */
export async function renewParts(): Promise<boolean> {
  if (!document.querySelector("[data-live][id]")) return true;
  const fresh = await fetchPage(window.location.pathname + window.location.search);
  if (fresh) takeParts(fresh);
  return fresh !== null;
}

/** A page of this server, not shown; null when it is refused. */
export async function fetchPage(address: string, signal?: AbortSignal): Promise<Document | null> {
  const answer = await fetch(address, { headers: { accept: "text/html" }, ...(signal && { signal }) });
  return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

/**
 * Puts what `fresh` has into the elements of this page marked `data-live` (each has an id). Nothing else of the page is
 * touched; focus, scroll positions and open details stay where they are.
 */
export function takeParts(fresh: Document): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-live][id]")) {
    const now = fresh.getElementById(part.id);
    if (now && now.innerHTML !== part.dataset["written"]) replace(part, now);
  }
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
