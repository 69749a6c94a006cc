import { describe, expect, it } from "vitest";
import { areaFile, areaShapes, crossesItself, readCorners, squareMetres, writeCorners, type Corners } from "../src/islands/map/area";

const SQUARE: Corners = [[70, 50], [70.6, 50], [70.6, 50.4], [70, 50.4]];
const BOW: Corners = [[70, 50], [70.6, 50.4], [70.6, 50], [70, 50.4]];

describe("corners of an area", () => {
  it("are written as the site report takes them, and read again", () => {
    expect(writeCorners(SQUARE)).toBe("70 50,70.6 50,70.6 50.4,70 50.4");
    expect(readCorners(writeCorners(SQUARE, "\n"))).toEqual(SQUARE);
    expect(writeCorners([[70.123456, -5e-7]])).toBe("70.12346 0");
  });

  it.each(["70", "70 50 3", "70 north", "181 0", "0 91", "70 50; x"])("are refused as a whole where one is unreadable: %s", (text) => {
    expect(readCorners(text)).toBeNull();
  });

  it("may be none", () => expect(readCorners(" \n")).toEqual([]));
});

it.each([
  ["a square", SQUARE, false],
  ["a bow tie", BOW, true],
  ["a hook", [[0, 0], [4, 0], [4, 4], [2, 1], [0, 4]], false],
  ["a side through a corner", [[0, 0], [4, 0], [4, 4], [2, 0], [0, 4]], true],
  ["two corners", [[0, 0], [1, 1]], false],
] as [string, Corners, boolean][])("knows whether %s crosses itself", (_, corners, crossing) => {
  expect(crossesItself(corners)).toBe(crossing);
});

it("measures an area on the ellipsoid, whichever way round", () => {
  const octant: Corners = [[0, 0], [90, 0], [90, 90], [0, 90]];
  expect(squareMetres(octant) / (510_065_621_724_089 / 8)).toBeCloseTo(1, 8); // the surface of WGS 84
  // The ellipsoid's own quadrangle: pyproj.Geod(ellps="WGS84") along parallels and meridians.
  expect(squareMetres(SQUARE) / 1e6).toBeCloseTo(1906.027, 2);
  expect(squareMetres([...SQUARE].reverse())).toBeCloseTo(squareMetres(SQUARE), 3);
});

it("draws ground from three corners on, and the last side once closed", () => {
  const parts = (corners: Corners, closed: boolean) => areaShapes({ corners, closed }).features.map(({ geometry }) => geometry);
  expect(parts(SQUARE.slice(0, 2), false).map(({ type }) => type)).toEqual(["LineString", "MultiPoint"]);
  expect(parts(SQUARE, false).map(({ type }) => type)).toEqual(["Polygon", "LineString", "MultiPoint"]);
  expect(parts(SQUARE, true)[1]).toMatchObject({ coordinates: [...SQUARE, SQUARE[0]] });
});

it("is saved as one polygon whose ring is closed", () => {
  const written = decodeURIComponent(areaFile(SQUARE).replace("data:application/geo+json,", ""));
  expect(JSON.parse(written)).toEqual({ type: "Polygon", coordinates: [[...SQUARE, SQUARE[0]]] });
});
