import { describe, expect, it } from "vitest";
import type { MapSettings } from "../src/islands/map/settings";
import { NOTHING_SELECTED, readView, toggled, writeView } from "../src/islands/map/view";

const settings = {
  families: ["solar", "wind"].map((key) => ({ key, label: key, color: "#000000" })),
  statuses: [{ key: "operating", label: "" }],
  sizes: [{ key: "0", label: "" }],
  layers: [
    { id: "solar.ghi_clear", waiting: null, bands: [{ key: "year", label: "" }, { key: "06", label: "" }] },
    { id: "wind.speed", waiting: "not loaded", bands: [{ key: "year", label: "" }] },
  ],
} as unknown as MapSettings;

describe("a view in the address", () => {
  it("survives being written and read", () => {
    const view = {
      camera: { zoom: 6, lat: 48.25, lon: 67.5 },
      selection: { families: ["solar"], statuses: ["operating"], sizes: ["0"], unconfirmed: false },
      layer: "solar.ghi_clear",
      band: "06",
      area: { corners: [[70, 50], [70.6, 50], [70.6, 50.4]] as [number, number][], closed: true },
    };
    expect(readView(writeView(view), settings)).toEqual(view);
  });

  it("is empty at its defaults", () => {
    expect(writeView({ camera: null, selection: NOTHING_SELECTED, layer: null, band: null, area: null })).toBe("");
  });

  it.each(["#map=99/0/0", "#map=5/91/0", "#map=5/a/0", "#map=5/1", "#map=5/0/181"])("ignores the impossible place %s", (fragment) => {
    expect(readView(fragment, settings).camera).toBeNull();
  });

  it("ignores what the page does not know, and layers without data", () => {
    const view = readView("#family=solar,nuclear&layer=wind.speed&band=13", settings);
    expect(view.selection.families).toEqual(["solar"]);
    expect(view.layer).toBeNull();
  });

  it("takes the first band of a layer when none is asked", () => {
    expect(readView("#layer=solar.ghi_clear", settings).band).toBe("year");
  });

  it("starts from the layer of the page where none is asked", () => {
    const shown = { ...settings, shown: { layer: "solar.ghi_clear", band: "06" } };
    expect(readView("", shown)).toMatchObject({ layer: "solar.ghi_clear", band: "06" });
    expect(readView("#layer=solar.ghi_clear&band=year", shown).band).toBe("year");
  });

  it("starts from the filters of the page's query", () => {
    expect(readView("", { ...settings, selected: { families: ["wind"] } }).selection.families).toEqual(["wind"]);
    expect(readView("#family=", { ...settings, selected: { families: ["wind"] } }).selection.families).toEqual([]);
  });
});

it("toggles a key in a list", () => {
  expect(toggled(["a"], "b")).toEqual(["a", "b"]);
  expect(toggled(["a", "b"], "a")).toEqual(["b"]);
});
