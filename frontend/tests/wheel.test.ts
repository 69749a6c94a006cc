import { describe, expect, it } from "vitest";
import { target } from "../src/wheel";

// Two dimensions; the first with two categories of two and one data points, the second with one of one.
const DEPTHS = [0, 1, 2, 2, 1, 2, 0, 1, 2];

describe("arrow keys on a wheel", () => {
  it("go around a ring and over its seam", () => {
    expect(target(DEPTHS, 3, "ArrowRight")).toBe(5);
    expect(target(DEPTHS, 8, "ArrowRight")).toBe(2);
    expect(target(DEPTHS, 2, "ArrowLeft")).toBe(8);
    expect(target(DEPTHS, 1, "ArrowLeft")).toBe(7);
  });

  it("go outwards to the first part and inwards to the one around", () => {
    expect(target(DEPTHS, 0, "ArrowDown")).toBe(1);
    expect(target(DEPTHS, 4, "ArrowDown")).toBe(5);
    expect(target(DEPTHS, 5, "ArrowUp")).toBe(4);
    expect(target(DEPTHS, 7, "ArrowUp")).toBe(6);
  });

  it("stop at the edge and leave other keys alone", () => {
    expect(target(DEPTHS, 2, "ArrowDown")).toBeUndefined();
    expect(target(DEPTHS, 6, "ArrowUp")).toBeUndefined();
    expect(target(DEPTHS, 6, "Tab")).toBeUndefined();
  });

  it("go to the ends of a ring", () => {
    expect(target(DEPTHS, 3, "Home")).toBe(2);
    expect(target(DEPTHS, 3, "End")).toBe(8);
  });
});
