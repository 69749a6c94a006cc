import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addressFrom, Stream, type Phase } from "../src/islands/live/stream";
import type { Heard } from "../src/islands/live/stream.worker";

describe("the address of a stream", () => {
  it("is what the server wrote before anything was told", () => expect(addressFrom("/kk/live?after=1-2", null)).toBe("/kk/live?after=1-2"));
  it("goes on from the last state that was told", () => expect(addressFrom("/kk/facilities/a/live?after=1-2", "7-9")).toBe("/kk/facilities/a/live?after=7-9"));
});

/** A worker that hears what the test says. */
class FakeWorker extends EventTarget {
  static all: FakeWorker[] = [];
  asked: string | null = null;
  ended = false;
  constructor() {
    super();
    FakeWorker.all.push(this);
  }
  postMessage(address: string): void {
    this.asked = address;
  }
  terminate(): void {
    this.ended = true;
  }
  say(heard: Heard): void {
    this.dispatchEvent(new MessageEvent("message", { data: heard }));
  }
}

describe("a stream", () => {
  const phases: Phase[] = [];
  const revisions: number[] = [];
  let page: EventTarget & { hidden: boolean };
  const show = (visible: boolean): void => {
    page.hidden = !visible;
    page.dispatchEvent(new Event("visibilitychange"));
  };
  const follow = (): Stream => new Stream("/en/live?after=1-1", { changed: (change) => revisions.push(change.revision), phase: (now) => phases.push(now) });
  const worker = (at: number): FakeWorker => FakeWorker.all.at(at)!;

  beforeEach(() => {
    vi.useFakeTimers();
    page = Object.assign(new EventTarget(), { hidden: false });
    vi.stubGlobal("document", page);
    vi.stubGlobal("Worker", FakeWorker);
    FakeWorker.all = [];
    phases.length = revisions.length = 0;
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("ends while the page is hidden and goes on from the last state it was told", () => {
    follow();
    worker(0).say({ is: "open" });
    worker(0).say({ is: "change", id: "5-2", data: '{"revision":8}' });
    show(false);
    expect(worker(0).ended).toBe(true);
    worker(0).say({ is: "change", id: "6-2", data: '{"revision":9}' });
    show(true);
    expect([FakeWorker.all.length, worker(1).asked, revisions]).toEqual([2, "/en/live?after=5-2", [8]]);
    expect(phases).toEqual(["waiting", "on", "waiting"]);
  });

  it("is tried again after a refusal, later each time", () => {
    follow();
    worker(-1).say({ is: "refused" });
    vi.advanceTimersByTime(10_000);
    expect(FakeWorker.all.length).toBe(2);
    worker(-1).dispatchEvent(new Event("error"));
    vi.advanceTimersByTime(19_999);
    expect([FakeWorker.all.length, phases.at(-1)]).toEqual([2, "off"]);
    vi.advanceTimersByTime(1);
    expect([FakeWorker.all.length, phases.at(-1)]).toEqual([3, "waiting"]);
  });

  it("leaves a broken connection to the browser", () => {
    follow();
    worker(0).say({ is: "broken" });
    vi.advanceTimersByTime(600_000);
    expect([FakeWorker.all.length, worker(0).ended, phases]).toEqual([1, false, ["waiting", "waiting"]]);
  });

  it("is plainly off where the browser starts no worker", () => {
    vi.stubGlobal("Worker", undefined);
    follow();
    expect(phases).toEqual(["off"]);
  });
});
