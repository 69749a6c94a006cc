/** What the server writes into a map island. Addresses are absolute paths on the page's own origin. */
export interface MapSettings {
  lang: "kk" | "ru" | "en";
  messages: Record<string, string>;
  /** GeoJSON of region polygons; properties `code`, `name`, `href`. */
  regions: string;
  /** True while the borders shown are schematic, so that the map can say so. */
  schematic?: boolean;
  facilities: {
    /** Vector tiles with the layer `facilities`; placeholders {z}, {x}, {y}. */
    tiles: string;
    maxzoom: number;
    /** Page of one facility; placeholder {id}. */
    page: string;
    /** The same facilities as a table, for readers without WebGL. */
    table: string;
  };
  layers: ResourceLayer[];
  families: FamilyEntry[];
  statuses: Entry[];
  /** Lower bounds of the size classes 0..4, as the reader should see them. */
  sizes: Entry[];
  /** Address that answers `?q=` with places and facilities. */
  search: string;
  /** Filters asked for in the address of the page. */
  selected?: Partial<Selection>;
  /** West, south, east, north of the view to begin with. */
  bounds?: [number, number, number, number];
}

export interface Entry {
  key: string;
  label: string;
}

export interface FamilyEntry extends Entry {
  color: string;
  /** How the colour is darkened or lightened on a dark page, where it must differ. */
  dark?: string;
  shape?: string;
}

/** A resource layer of the atlas. One without data says in `waiting` what would fill it. */
export interface ResourceLayer {
  id: string;
  title: string;
  unit: string;
  /** Palette tiles; placeholders {band}, {z}, {x}, {y}. */
  tiles: string;
  maxzoom?: number;
  /** Address that answers `?lon=&lat=` with a PointAnswer. */
  point: string;
  legend: { color: string; label: string }[];
  /** What the slider runs over, the year first where there is one: `{key: "year", label: "Year"}, {key: "01", label: "January"} …` */
  bands: Entry[];
  note: string;
  waiting: string | null;
}

/** What is shown of the facilities. An empty list means no restriction. */
export interface Selection {
  families: string[];
  statuses: string[];
  sizes: string[];
  /** Also show facilities whose facts are not confirmed. */
  unconfirmed: boolean;
}

/** Values of one resource layer at a place, by band; null where the layer has no data. */
export interface PointAnswer {
  lon: number;
  lat: number;
  values: Record<string, number | null>;
  /** Name of the region the place lies in. */
  region?: string | null;
}

/** One answer of the search. */
export interface Hit {
  kind: string;
  name: string;
  href: string;
  lon: number | null;
  lat: number | null;
}
