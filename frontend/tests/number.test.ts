import { expect, it } from "vitest";
import { fill, placesOf, writeNumber, writePower } from "../src/islands/number";

const messages = { "unit-kW": "кВт", "unit-MW": "МВт", "unit-GW": "ГВт" };

it("writes numbers as each language does", () => {
  expect(writeNumber("kk", 1234567.891, 3)).toBe("1\u00a0234\u00a0567,891");
  expect(writeNumber("ru", 1234567.891, 3)).toBe("1\u00a0234\u00a0567,891");
  expect(writeNumber("en", 1234567.891, 3)).toBe("1,234,567.891");
});

it("shows as many decimals as the size of a number deserves", () => {
  expect(writeNumber("en", 1712.44)).toBe("1,712");
  expect(writeNumber("en", 712.44)).toBe("712.4");
  expect(writeNumber("en", 7.125)).toBe("7.13");
  expect(writeNumber("en", 0)).toBe("0");
});

it("writes a power in the unit that keeps it readable", () => {
  expect(writePower("kk", 50_000, messages)).toBe("50\u00a0кВт");
  expect(writePower("ru", 4_950_000, messages)).toBe("4,95\u00a0МВт");
  expect(writePower("en", 1.2e9, messages)).toBe("1.2\u00a0ГВт");
});

it("fills the places of a message and leaves unknown ones", () => {
  expect(fill("{count} of {all} {else}", { count: 3, all: "7" })).toBe("3 of 7 {else}");
  expect(fill(undefined, {})).toBe("");
});

it("tells neighbouring ticks apart", () => {
  expect([1000, 1, 0.5, 0.25, 0.001].map(placesOf)).toEqual([0, 0, 1, 2, 3]);
});
