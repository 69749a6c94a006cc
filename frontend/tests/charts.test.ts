import { describe, expect, it } from "vitest";
import { Clock } from "../src/islands/charts/clock";
import { ticksOf, totals, years } from "../src/islands/charts/stack";
import { align, alone, byUnit, reach, withGaps } from "../src/islands/charts/timeline";

const HOUR = 3_600_000;
const MONTHS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];

describe("readings", () => {
  it("put a gap where an interval is missing", () => {
    const series = { name: "a", unit: "kWh", start: [0, HOUR, 4 * HOUR], value: [1, 2, 3], interval: HOUR };
    expect(withGaps(series)).toEqual({ start: [0, HOUR, 2 * HOUR, 4 * HOUR], value: [1, 2, null, 3] });
  });

  it("share one time axis, with null where a reading is missing and nothing where a series has no interval", () => {
    const [time, a, b] = align([
      { name: "a", unit: "", start: [0, HOUR], value: [1, null], interval: HOUR },
      { name: "b", unit: "", start: [HOUR], value: [5], interval: HOUR },
    ]);
    expect(time).toEqual([0, 3600]);
    expect(a).toEqual([1, null]);
    expect(b).toEqual([undefined, 5]);
  });

  it("of hours stay a line beside those of quarter hours", () => {
    const quarters = [0, 1, 2, 3, 4].map((n) => (n * HOUR) / 4);
    const [, hours] = align([
      { name: "hours", unit: "", start: [0, HOUR], value: [1, 2], interval: HOUR },
      { name: "quarters", unit: "", start: quarters, value: quarters, interval: HOUR / 4 },
    ]);
    expect(hours).toEqual([1, undefined, undefined, undefined, 2]);
    expect(alone(hours!)).toEqual([]);
  });

  it("that stand alone between missing ones are marked", () => {
    expect(alone([1, null, undefined, 2, null, 3, undefined, 4, null])).toEqual([0, 3]);
    expect(alone([7])).toEqual([0]);
  });

  it("take the commonest distance as the interval when none is told", () => {
    expect(withGaps({ name: "a", unit: "", start: [0, 900, 1800, 3600], value: [1, 1, 1, 1] }).value).toEqual([1, 1, 1, null, 1]);
  });
});

describe("lines of readings", () => {
  const all = Array.from({ length: 25 }, (_, i) => ({ name: `meter ${i}`, unit: ["kWh", "°C", "m³"][i % 3]!, start: [], value: [] }));
  it("stand in a plot of their unit, each with its column", () => {
    const panels = byUnit(all.slice(0, 4));
    expect(panels.map(({ unit, lines }) => [unit, lines.map((line) => line.column)])).toEqual([
      ["kWh", [1, 4]],
      ["°C", [2]],
      ["m³", [3]],
    ]);
  });
  it("are told apart by colour and dashes", () => {
    const looks = byUnit(all).flatMap(({ lines }) => lines.map(({ color, dash }) => `${color} ${dash.join(" ")}`));
    expect(new Set(looks).size).toBe(25);
  });
});

describe("the shown time", () => {
  it("stays within the whole and does not shrink below the least", () => {
    expect(reach([0, 100], [0, 100], 2, 0, 10)).toEqual([0, 100]);
    expect(reach([0, 20], [0, 100], 1, -0.5, 10)).toEqual([0, 20]);
    expect(reach([80, 100], [0, 100], 1, 0.5, 10)).toEqual([80, 100]);
    expect(reach([40, 60], [0, 100], 0.1, 0, 10)).toEqual([45, 55]);
  });
});

describe("the clock of Kazakhstan", () => {
  // On 2024-03-01 at local midnight the east went from UTC+6 to UTC+5.
  const clock = new Clock("Asia/Almaty", MONTHS);
  it("knows the change of 2024", () => {
    expect(clock.full(Date.UTC(2024, 1, 29, 12) / 1000)).toBe("29 2 2024, 18:00");
    expect(clock.full(Date.UTC(2024, 2, 1, 12) / 1000)).toBe("1 3 2024, 17:00");
  });
  it("shows at a tick what changes there", () => {
    const noon = Date.UTC(2024, 5, 1, 7) / 1000;
    expect(clock.tick(noon, 3600)).toBe("12:00");
    expect(clock.tick(noon, 86_400)).toBe("1 6");
    expect(clock.tick(noon, 40 * 86_400)).toBe("6 2024");
    expect(clock.tick(noon, 400 * 86_400)).toBe("2024");
  });
});

describe("stacked years", () => {
  const rows = [
    { year: 2019, family: "solar", capacity: 2 },
    { year: 2019, family: "wind", capacity: 3 },
    { year: 2022, family: "wind", capacity: null },
    { year: 2022, family: "solar", capacity: 1 },
  ];
  it("keep years without rows", () => expect(years(rows)).toEqual([2019, 2020, 2021, 2022]));
  it("sum what is known and nothing else", () =>
    expect(totals(rows, "capacity")).toEqual([
      { year: 2019, total: 5 },
      { year: 2022, total: 1 },
    ]));
  it("always label the last year", () => {
    const domain = years([{ year: 2000, family: "" }, { year: 2025, family: "" }]);
    expect(ticksOf(domain, 300).at(-1)).toBe(2025);
    expect(ticksOf(domain, 300).length).toBeLessThan(7);
    expect(ticksOf(domain, 3000)).toEqual(domain);
  });
});
