import type { LiveChange } from "./settings";

/** Other islands of the page hear of changes by this event of the document; `detail` is a LiveChange. */
export const CHANGED = "jasyl:change";
/** After a refusal (too many readers, a proxy that knows no streams) it is tried again, later each time. */
const FIRST_PAUSE = 10_000;
const LONGEST_PAUSE = 300_000;

export type Phase = "waiting" | "on" | "off";

export interface Listener {
  changed(change: LiveChange): void;
  phase(phase: Phase): void;
}

/**
 * Follows the stream at `url` while the page is visible. A hidden page closes its stream: browsers open few
 * connections to one server. Coming back it asks from the last state it was told, so nothing is missed.
 */
export class Stream {
  readonly #url: string;
  readonly #listener: Listener;
  #source: EventSource | null = null;
  #last: string | null = null;
  #pause = FIRST_PAUSE;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, listener: Listener) {
    this.#url = url;
    this.#listener = listener;
    document.addEventListener("visibilitychange", this.#follow);
    this.#follow();
  }

  close(): void {
    document.removeEventListener("visibilitychange", this.#follow);
    this.#shut();
  }

  #follow = (): void => {
    if (document.hidden) this.#shut();
    else if (!this.#source) this.#open();
  };

  #open(): void {
    this.#listener.phase("waiting");
    const source = new EventSource(addressFrom(this.#url, this.#last));
    this.#source = source;
    source.addEventListener("open", () => {
      this.#pause = FIRST_PAUSE;
      this.#listener.phase("on");
    });
    source.addEventListener("change", (event) => {
      this.#last = event.lastEventId || this.#last;
      this.#listener.changed(JSON.parse(event.data as string) as LiveChange);
    });
    source.addEventListener("error", () => {
      // The browser itself comes back after a broken connection, not after a refusal.
      if (source.readyState !== EventSource.CLOSED) {
        this.#listener.phase("waiting");
        return;
      }
      this.#shut();
      this.#listener.phase("off");
      this.#later = setTimeout(this.#follow, this.#pause);
      this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
    });
  }

  #shut(): void {
    clearTimeout(this.#later);
    this.#source?.close();
    this.#source = null;
  }
}

/** The address of the stream from the last state that was told; before any, as the server wrote it. */
export function addressFrom(url: string, last: string | null): string {
  if (last === null) return url;
  const made = new URL(url, "http://page");
  made.searchParams.set("after", last);
  return made.pathname + made.search;
}
