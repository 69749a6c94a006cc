import type { FeatureCollection } from "geojson";
import { expect, it } from "vitest";
import { centroid, namePoints } from "../src/islands/map/basemap";

it("finds the centre of a square, whichever way round it runs", () => {
  const square = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]];
  expect(centroid(square)).toEqual({ area: 16, x: 2, y: 2 });
  expect(centroid([...square].reverse())).toEqual({ area: 16, x: 2, y: 2 });
});

it("names a region in its largest part", () => {
  const regions: FeatureCollection = {
    type: "FeatureCollection",
    features: [
      {
        type: "Feature",
        properties: { code: "KZ-10" },
        geometry: {
          type: "MultiPolygon",
          coordinates: [[[[20, 20], [21, 20], [21, 21], [20, 21], [20, 20]]], [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]]],
        },
      },
      { type: "Feature", properties: { code: "empty" }, geometry: { type: "Polygon", coordinates: [] } },
    ],
  };
  expect(namePoints(regions).features.map((point) => [point.properties?.["code"], point.geometry])).toEqual([["KZ-10", { type: "Point", coordinates: [2, 2] }]]);
});
