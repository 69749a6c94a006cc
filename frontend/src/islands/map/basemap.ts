import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import countriesUrl from "world-atlas/countries-50m.json?url";

type World = Topology<{ countries: GeometryCollection }>;

/**
 * ISO 3166-1 numbers of the countries whose borders with each other help orientation around Kazakhstan.
 * Its own border is drawn from the regions; disputed lines elsewhere in the world are nobody's business here.
 */
const AROUND = new Set(["643", "156", "417", "860", "795", "762", "496", "364", "004"]);

/** Where the neighbours' names stand when the whole country is in view. */
const NAMES: readonly [string, number, number][] = [
  ["russia", 62.5, 57.6],
  ["china", 88, 43],
  ["kyrgyzstan", 74.6, 41.5],
  ["uzbekistan", 63.8, 41.9],
  ["turkmenistan", 58.8, 39.3],
  ["mongolia", 95.5, 47.6],
];

/** Land, borders of the neighbours and their names: Natural Earth 1:50m through the package world-atlas. */
export async function loadBasemap(messages: Record<string, string>): Promise<{ land: Feature | FeatureCollection; borders: Feature; names: FeatureCollection }> {
  const answer = await fetch(countriesUrl);
  if (!answer.ok) throw new Error(`${countriesUrl}: ${answer.status}`);
  const world = (await answer.json()) as World;
  return {
    land: feature(world, world.objects.countries),
    borders: {
      type: "Feature",
      properties: {},
      geometry: mesh(world, world.objects.countries, (a, b) => a !== b && AROUND.has(String(a.id)) && AROUND.has(String(b.id))),
    },
    names: {
      type: "FeatureCollection",
      features: NAMES.map(([key, lon, lat]) => ({
        type: "Feature",
        properties: { name: messages[`map-${key}`] ?? "" },
        geometry: { type: "Point", coordinates: [lon, lat] },
      })),
    },
  };
}

/** A point for each region's name: the centroid of its largest ring; small regions come later (`rank`). */
export function namePoints(regions: FeatureCollection): FeatureCollection {
  return {
    type: "FeatureCollection",
    features: regions.features.flatMap((region) => {
      const ring = largestRing(region.geometry as Polygon | MultiPolygon | null);
      if (!ring) return [];
      const { area, x, y } = centroid(ring);
      return [{ type: "Feature" as const, properties: { ...region.properties, rank: -area }, geometry: { type: "Point" as const, coordinates: [x, y] } }];
    }),
  };
}

function largestRing(geometry: Polygon | MultiPolygon | null): Position[] | null {
  const polygons = geometry?.type === "Polygon" ? [geometry.coordinates] : geometry?.type === "MultiPolygon" ? geometry.coordinates : [];
  let best: Position[] | null = null;
  let most = 0;
  for (const [outer] of polygons) {
    const size = outer ? centroid(outer).area : 0;
    if (outer && size > most) [best, most] = [outer, size];
  }
  return best;
}

/** Planar centroid and area (in square degrees) of a closed ring; good enough to place a label. */
export function centroid(ring: Position[]): { area: number; x: number; y: number } {
  let twice = 0;
  let x = 0;
  let y = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [x0 = 0, y0 = 0] = ring[j] ?? [];
    const [x1 = 0, y1 = 0] = ring[i] ?? [];
    const cross = x0 * y1 - x1 * y0;
    twice += cross;
    x += (x0 + x1) * cross;
    y += (y0 + y1) * cross;
  }
  return twice === 0 ? { area: 0, x: ring[0]?.[0] ?? 0, y: ring[0]?.[1] ?? 0 } : { area: Math.abs(twice / 2), x: x / (3 * twice), y: y / (3 * twice) };
}
