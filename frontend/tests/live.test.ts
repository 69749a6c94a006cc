import { describe, expect, it } from "vitest";
import { addressFrom } from "../src/islands/live/stream";

describe("the address of a stream", () => {
  it("is what the server wrote before anything was told", () => expect(addressFrom("/kk/live?after=1-2", null)).toBe("/kk/live?after=1-2"));
  it("goes on from the last state that was told", () => expect(addressFrom("/kk/facilities/a/live?after=1-2", "7-9")).toBe("/kk/facilities/a/live?after=7-9"));
});
