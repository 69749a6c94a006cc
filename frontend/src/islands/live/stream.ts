import type { LiveChange } from "./settings";
import type { Heard } from "./stream.worker";

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
 * Where the browser starts no worker the page is not live, and says so.
 */
export class Stream {
  readonly #url: string;
  readonly #listener: Listener;
  #worker: Worker | null = null;
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
    else if (!this.#worker) this.#open();
  };

  #open(): void {
    const worker = startWorker();
    if (!worker) {
      this.#listener.phase("off");
      return;
    }
    this.#worker = worker;
    this.#listener.phase("waiting");
    worker.addEventListener("message", ({ data }: MessageEvent<Heard>) => {
      if (worker === this.#worker) this.#hear(data);
    });
    worker.addEventListener("error", () => {
      if (worker === this.#worker) this.#hear({ is: "refused" });
    });
    worker.postMessage(addressFrom(this.#url, this.#last));
  }

  #hear(heard: Heard): void {
    switch (heard.is) {
      case "open":
        this.#pause = FIRST_PAUSE;
        this.#listener.phase("on");
        break;
      case "broken":
        this.#listener.phase("waiting");
        break;
      case "refused":
        this.#shut();
        this.#listener.phase("off");
        this.#later = setTimeout(this.#follow, this.#pause);
        this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
        break;
      case "change":
        this.#last = heard.id || this.#last;
        this.#listener.changed(JSON.parse(heard.data) as LiveChange);
    }
  }

  #shut(): void {
    clearTimeout(this.#later);
    this.#worker?.terminate();
    this.#worker = null;
  }
}

function startWorker(): Worker | null {
  try {
    return new Worker(new URL("./stream.worker.ts", import.meta.url), { type: "module" });
  } catch {
    return null;
  }
}

/** The address of the stream from the last state that was told; before any, as the server wrote it. */
export function addressFrom(url: string, last: string | null): string {
  if (last === null) return url;
  const made = new URL(url, "http://page");
  made.searchParams.set("after", last);
  return made.pathname + made.search;
}
