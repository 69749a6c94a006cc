/**
 * One stream of events, kept outside the page: a stream that a document itself holds open counts as the document still
 * loading for programs that print or photograph it. The page says the address once, and ends the stream by ending the worker.
 */
export type Heard =
  | { is: "open" }
  /** The connection broke; the browser itself comes back. */
  | { is: "broken" }
  /** It does not come back by itself: too many readers, or a proxy that knows no streams. */
  | { is: "refused" }
  | { is: "change"; id: string; data: string };

const tell = (heard: Heard): void => self.postMessage(heard);

self.addEventListener("message", (asked: MessageEvent<string>) => {
  const source = new EventSource(asked.data);
  source.addEventListener("open", () => tell({ is: "open" }));
  source.addEventListener("change", ({ lastEventId, data }) => tell({ is: "change", id: lastEventId, data: data as string }));
  source.addEventListener("error", () => tell({ is: source.readyState === EventSource.CLOSED ? "refused" : "broken" }));
});
