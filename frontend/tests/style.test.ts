import { expression, featureFilter, validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { describe, expect, it } from "vitest";
import type { MapSettings } from "../src/islands/map/settings";
import { signName } from "../src/islands/map/signs";
import { buildStyle, facilityFilter, SIGN } from "../src/islands/map/style";
import { NOTHING_SELECTED } from "../src/islands/map/view";

const ground = { water: "#000", land: "#000", country: "#000", border: "#000", edge: "#000", ink: "#000", halo: "#fff", accent: "#00f", scale: 1.5 };
const settings = { lang: "kk", facilities: { tiles: "/tiles/{z}/{x}/{y}.mvt", maxzoom: 10 } } as unknown as MapSettings;

const shown = (selection: object, properties: object): boolean =>
  featureFilter(facilityFilter({ ...NOTHING_SELECTED, ...selection }) as never, "layers[6].filter").filter({ zoom: 5 } as never, { type: 1, properties } as never);

it("the style is valid", () => {
  expect(validateStyleMin(buildStyle(settings, ground, "http://127.0.0.1", NOTHING_SELECTED))).toEqual([]);
});

describe("the filter of facilities", () => {
  const plant = { family: "solar", status: "operating", size: 2, unconfirmed: 0 };
  it("shows everything when nothing is chosen", () => expect(shown({}, plant)).toBe(true));
  it("restricts by family, status and size", () => {
    expect(shown({ families: ["wind"] }, plant)).toBe(false);
    expect(shown({ families: ["wind", "solar"] }, plant)).toBe(true);
    expect(shown({ statuses: ["planned"] }, plant)).toBe(false);
    expect(shown({ sizes: ["2"] }, plant)).toBe(true);
    expect(shown({ sizes: ["3"] }, plant)).toBe(false);
  });
  it("leaves unconfirmed ones out only when asked", () => {
    expect(shown({}, { ...plant, unconfirmed: 1 })).toBe(true);
    expect(shown({ unconfirmed: false }, { ...plant, unconfirmed: 1 })).toBe(false);
    expect(shown({ unconfirmed: false }, plant)).toBe(true);
  });
});

it("the map asks for the signs that are drawn", () => {
  const compiled = expression.createExpression(SIGN, "layers[6].layout.icon-image");
  if (compiled.result !== "success") throw new Error("the expression does not compile");
  for (const status of ["operating", "extension", "under_construction", "test_operation", "planned", "financing", "suspended", "closed"]) {
    for (const unconfirmed of [0, 1]) {
      const name: unknown = compiled.value.evaluate({ zoom: 5 } as never, { type: 1, properties: { family: "wind", status, unconfirmed } } as never);
      expect(name).toBe(signName("wind", status, unconfirmed === 1));
    }
  }
});
