import { fetchPage, takeParts } from "../live/parts";
import type { MapSettings } from "./settings";

/** What comes of a change of the form. */
export interface Answer {
  asked(): void;
  /** Settings of the map on the page of the new choice; null where the choice was refused and the page says why. */
  came(settings: MapSettings | null): void;
  failed(): void;
}

/** Changes that follow one another sooner, as those of a slider, are asked for together. */
const PAUSE = 200;

/**
 * Follows a form whose answer the map shows: each change asks the server for the page of the new choice, whose numbers,
 * tables and refusals take the place of those before, and whose address becomes this page's. The last change wins.
 * Gives what ends it.
 */
export function followForm(form: HTMLFormElement, answer: Answer): () => void {
  let leave = new AbortController();
  let later: ReturnType<typeof setTimeout> | undefined;
  const changed = (event: Event): void => {
    event.preventDefault();
    leave.abort();
    leave = new AbortController();
    answer.asked();
    clearTimeout(later);
    later = setTimeout(() => void ask(addressOf(form), answer, leave.signal), event.type === "submit" ? 0 : PAUSE);
  };
  for (const kind of ["change", "submit"]) form.addEventListener(kind, changed);
  return () => {
    leave.abort();
    clearTimeout(later);
    for (const kind of ["change", "submit"]) form.removeEventListener(kind, changed);
  };
}

async function ask(address: string, answer: Answer, signal: AbortSignal): Promise<void> {
  try {
    const fresh = await fetchPage(address, signal);
    if (!fresh) throw new Error(address);
    takeParts(fresh);
    window.history.replaceState(window.history.state, "", address + window.location.hash);
    answer.came(settingsOf(fresh));
  } catch {
    if (!signal.aborted) answer.failed();
  }
}

/** Puts `value` into a control of the form as its reader would. */
export function fillIn(form: HTMLFormElement, name: string, value: string): void {
  const control = form.elements.namedItem(name);
  if (!(control instanceof HTMLSelectElement) || control.value === value) return;
  control.value = value;
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

/** The address that the form would go to, without what is empty and without a fragment. */
export function addressOf(form: HTMLFormElement): string {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value.trim()) query.set(name, value);
  return `${new URL(form.action).pathname}?${query.toString()}`;
}

function settingsOf(page: Document): MapSettings | null {
  const written = page.querySelector('[data-island="map"] > script[type="application/json"]')?.textContent;
  return written ? (JSON.parse(written) as MapSettings) : null;
}
