import type { Position } from "geojson";

/** Corners of an area in order, longitude then latitude in degrees; the last is joined to the first. */
export type Corners = readonly (readonly [number, number])[];

/** An area that the reader draws: while it is open, a click on the map adds a corner. */
export interface Area {
  corners: Corners;
  closed: boolean;
}

/** Digits of a degree that are kept: about a metre, finer than a click. */
const DIGITS = 5;
/** Of WGS 84: the radius of the sphere of the same area in metres, and the eccentricity. */
const RADIUS = 6_371_007.181;
const ECCENTRICITY = 0.081_819_190_842_6;

/** Corners as the site report takes them: `70 50,70.6 50,70.6 50.4`. */
export const writeCorners = (corners: Corners, between = ","): string =>
  corners.map((corner) => corner.map((degrees) => String(Number(degrees.toFixed(DIGITS)))).join(" ")).join(between);

/** The corners somebody wrote, parted by lines, commas or semicolons; null where one is not two numbers of degrees. */
export function readCorners(text: string): Corners | null {
  const written = text.split(/[,;\n]/).filter((corner) => corner.trim());
  const corners = written.map((corner) => corner.trim().split(/\s+/).map(Number));
  const sound = ([lon, lat, ...more]: number[]): boolean => !more.length && Math.abs(lon ?? NaN) <= 180 && Math.abs(lat ?? NaN) <= 90;
  return corners.every(sound) ? (corners as [number, number][]) : null;
}

/** Whether two sides of the area cross or touch anywhere but in the corner that neighbours share. */
export function crossesItself(corners: Corners): boolean {
  const sides = corners.map((corner, at) => [corner, corners[(at + 1) % corners.length]!] as const);
  return sides.some((side, at) =>
    sides.some((other, beside) => {
      if (beside <= at + 1 || (at === 0 && beside === sides.length - 1)) return false;
      return meet(...side, ...other);
    }),
  );
}

/** Square metres on the ellipsoid, of an area that does not cross itself. */
export function squareMetres(corners: Corners): number {
  const sum = corners.reduce((total, [lon, lat], at) => {
    const [nextLon, nextLat] = corners[(at + 1) % corners.length]!;
    return total + ((nextLon - lon) * Math.PI * (height(lat) + height(nextLat))) / 180;
  }, 0);
  return Math.abs((sum * RADIUS ** 2) / 2);
}

/** Height over the equator on the sphere that keeps areas (sine of the authalic latitude): 1 at the pole. */
function height(latitude: number): number {
  const measure = (sine: number): number => sine / (1 - (ECCENTRICITY * sine) ** 2) + Math.atanh(ECCENTRICITY * sine) / ECCENTRICITY;
  return measure(Math.sin((latitude * Math.PI) / 180)) / measure(1);
}

type Corner = Corners[number];

function meet(a: Corner, b: Corner, c: Corner, d: Corner): boolean {
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (abc !== abd && cda !== cdb) return true;
  return (!abc && within(a, b, c)) || (!abd && within(a, b, d)) || (!cda && within(c, d, a)) || (!cdb && within(c, d, b));
}

/** 1 where the way from `a` over `b` to `c` turns left, -1 right, 0 straight on. */
const turn = (a: Corner, b: Corner, c: Corner): number => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));

/** Whether `c`, on the line through `a` and `b`, lies between them. */
const within = (a: Corner, b: Corner, c: Corner): boolean =>
  [0, 1].every((axis) => Math.min(a[axis]!, b[axis]!) <= c[axis]! && c[axis]! <= Math.max(a[axis]!, b[axis]!));

/** Address of a GeoJSON file of the area, made in the browser. */
export function areaFile(corners: Corners): string {
  const [ring] = areaShapes({ corners, closed: true }).features;
  return `data:application/geo+json,${encodeURIComponent(JSON.stringify(ring?.geometry))}`;
}

/** The area as MapLibre draws it: its ground, its outline (open while it is drawn) and its corners. */
export function areaShapes({ corners, closed }: Area): GeoJSON.FeatureCollection {
  const line: Position[] = corners.map((corner) => [...corner]);
  const ring = corners.length ? [...line, line[0]!] : [];
  const shape = (part: string, geometry: GeoJSON.Geometry): GeoJSON.Feature => ({ type: "Feature", properties: { part }, geometry });
  return {
    type: "FeatureCollection",
    features: [
      ...(corners.length > 2 ? [shape("ground", { type: "Polygon", coordinates: [ring] })] : []),
      shape("outline", { type: "LineString", coordinates: closed ? ring : line }),
      shape("corners", { type: "MultiPoint", coordinates: line }),
    ],
  };
}
