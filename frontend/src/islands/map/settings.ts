/** What the server writes into a map island. Addresses are absolute paths on the page's own origin. */
export interface MapSettings {
  lang: "kk" | "ru" | "en";
  messages: Record<string, string>;
  /** Address of the GeoJSON of region polygons; properties `code` and the names `kk`, `ru`, `en`. */
  regions: string;
  /** Page of one region; placeholder {code}. */
  regionPage: string;
  /** Page that reports on a place; the map adds `?lon=&lat=`. */
  siteReport?: string;
  /** True while the borders shown are schematic, so that the map can say so. */
  schematic?: boolean;
  /** Address of a picture of the whole country, shown until the map is drawn. */
  picture?: string;
  facilities: {
    /**
     * Vector tiles with the layer `facilities`; placeholders {z}, {x}, {y}. Points with the properties `id`,
     * `name_kk`, `name_ru`, `name_en` of single ones, `count` (> 1) of groups, and `family`, `status`, `size` (class
     * 0 to 4), `capacity_w`, `unconfirmed`, `reference` and `uncertain` (0 or 1) of both. Those in a group agree in
     * family, status, size, unconfirmed, reference and uncertain, so that filters hold for groups too.
     */
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
  /** The resource layer shown to begin with, where the address asks for none. */
  shown?: { layer: string; band: string } | undefined;
  /** Id of a form whose changes make other layers: the map asks for the page of the new choice and shows its layers. */
  form?: string;
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
  /** The resource it belongs to, in the page's language: layers of one family follow one another. */
  family: string;
  /** Cells of a grid, values of regions and districts, values of points, or of rivers and lakes. */
  shape: "raster" | "areas" | "sites" | "lines";
  title: string;
  unit: string;
  /** Of areas and sites: GeoJSON with the properties `name`, `colour`, `text`, `confirmed`. */
  places: string;
  /** Page of the layer. */
  page: string;
  /** Palette tiles; placeholders {band}, {z}, {x}, {y}. */
  tiles: string;
  maxzoom?: number;
  /** Address that answers `?lon=&lat=` with a PointAnswer. */
  point: string;
  /** What the slider runs over: the year, then January to December; a layer without months has one band. */
  bands: Band[];
  note: string;
  waiting: string | null;
}

/** One picture of a layer; `key` stands in its tile addresses. Classes are ascending and may differ from band to band. */
export interface Band extends Entry {
  legend: { color: string; label: string }[];
}

/** What is shown of the facilities. An empty list means no restriction. */
export interface Selection {
  families: string[];
  statuses: string[];
  sizes: string[];
  /** Also show facilities whose facts are not confirmed. */
  unconfirmed: boolean;
}

/** Values of one resource layer at a place; null where it has none. `months` runs from January or is empty. */
export interface PointAnswer {
  /** Name of the site, where the layer is one of sites. */
  name?: string | null;
  year: number | null;
  months: (number | null)[];
  /** What the value is held against, the year first and then the months, where there is such. */
  standard?: (number | null)[];
  /** Kind of number (`modelled` …) and its name in the page's language. */
  kind: string;
  kind_text: string;
}

/** One answer of the search. */
export interface Hit {
  kind: string;
  name: string;
  href: string;
  lon: number | null;
  lat: number | null;
}
