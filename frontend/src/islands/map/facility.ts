import type { MapGeoJSONFeature } from "maplibre-gl";

/** A facility, or a group of like facilities, as it lies in a tile. */
export interface Facility {
  /** What tells it from everything else in view. */
  key: string;
  id: string | null;
  name: string;
  family: string;
  status: string;
  count: number;
  power: number | null;
  unconfirmed: boolean;
  /** The source does not vouch for the status of today. */
  uncertain: boolean;
  lon: number;
  lat: number;
}

/** The facility of a feature of the tiles, named in `lang` where it has a name in it. */
export function readFacility(feature: MapGeoJSONFeature, lang: string): Facility {
  const { [`name_${lang}`]: own, id, family, status, count, capacity_w: power, unconfirmed, size, reference, uncertain } = feature.properties as Record<string, string | number | undefined>;
  const [lon = 0, lat = 0] = feature.geometry.type === "Point" ? feature.geometry.coordinates : [];
  return {
    key: id !== undefined ? String(id) : [family, status, size, unconfirmed, reference, uncertain, lon.toFixed(3), lat.toFixed(3)].join("|"),
    id: id === undefined ? null : String(id),
    name: String(own ?? anyName(feature) ?? id ?? ""),
    family: String(family ?? ""),
    status: String(status ?? ""),
    count: Number(count ?? 1),
    power: power === undefined ? null : Number(power),
    unconfirmed: Number(unconfirmed ?? 0) === 1,
    uncertain: Number(uncertain ?? 0) === 1,
    lon,
    lat,
  };
}

/** The name in whichever language there is one. */
function anyName({ properties }: MapGeoJSONFeature): string | undefined {
  return ["name_kk", "name_ru", "name_en"].map((key) => properties[key] as string | undefined).find((name) => name !== undefined);
}
