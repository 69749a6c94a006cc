import type { ExpressionSpecification, FilterSpecification, StyleSpecification } from "maplibre-gl";
import type { MapSettings, Selection } from "./settings";
import { STATUS_LOOKS } from "./signs";

/** Colours of the ground; read from the page's style sheet so that the map follows its light and dark scheme. */
export interface Ground {
  water: string;
  land: string;
  country: string;
  border: string;
  edge: string;
  ink: string;
  halo: string;
  accent: string;
  /** Size of the page's text against the usual 16 px; signs and labels grow with it. */
  scale: number;
}

/** The ground as the style sheet of the page has it at this moment. */
export function readGround(): Ground {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(`--map-${name}`).trim() || "#808080";
  return {
    water: color("water"),
    land: color("land"),
    country: color("country"),
    border: color("border"),
    edge: color("edge"),
    ink: color("ink"),
    halo: color("halo"),
    accent: color("accent"),
    scale: parseFloat(style.fontSize) / 16 || 1,
  };
}

export const EMPTY = { type: "FeatureCollection" as const, features: [] };

/** No glyph server: without `glyphs` MapLibre draws labels with the reader's own fonts, which know Kazakh. */
export const FONT = ["Noto Sans Regular", "Segoe UI Regular", "Roboto Regular", "DejaVu Sans Regular", "Arial Regular"];
const BOLD = ["Noto Sans Bold", "Segoe UI Bold", "Roboto Bold", "DejaVu Sans Bold", "Arial Bold"];

const { full: FULL, half: HALF, hollow: HOLLOW } = STATUS_LOOKS;

/** The name of the sign a facility shows; mirrors `signName` in signs.ts as a MapLibre expression. */
export const SIGN: ExpressionSpecification = [
  "concat",
  ["get", "family"],
  "|",
  ["match", ["get", "status"], [...FULL], "full", [...HALF], "half", [...HOLLOW], "hollow", "stopped"],
  "|",
  ["to-string", ["coalesce", ["get", "unconfirmed"], 0]],
];

const COUNT: ExpressionSpecification = ["coalesce", ["get", "count"], 1];

/** Single facilities grow by size class, groups by how many they hold. */
const CLASS_SIZE: ExpressionSpecification = [
  "case",
  [">", COUNT, 1],
  ["step", COUNT, 0.95, 10, 1.15, 100, 1.4, 1000, 1.65],
  ["match", ["coalesce", ["get", "size"], 0], 0, 0.5, 1, 0.6, 2, 0.72, 3, 0.86, 4, 1.02, 0.5],
];

/** Which facilities are drawn. An empty list restricts nothing. */
export function facilityFilter(selection: Selection): FilterSpecification {
  const among = (property: ExpressionSpecification, keys: readonly string[]): ExpressionSpecification[] =>
    keys.length ? [["in", property, ["literal", [...keys]]]] : [];
  return [
    "all",
    ...among(["get", "family"], selection.families),
    ...among(["get", "status"], selection.statuses),
    ...among(["to-string", ["get", "size"]], selection.sizes),
    ...(selection.unconfirmed ? [] : [["!=", ["get", "unconfirmed"], 1] as ExpressionSpecification]),
  ] as FilterSpecification;
}

export function buildStyle(settings: MapSettings, ground: Ground, origin: string, selection: Selection): StyleSpecification {
  const name: ExpressionSpecification = ["coalesce", ["get", `name_${settings.lang}`], ["get", "name_kk"], ["get", "name_ru"], ["get", "name_en"], ""];
  const { scale } = ground;
  const size: ExpressionSpecification = ["*", scale, CLASS_SIZE];
  const label = { "text-font": FONT, "text-padding": 4 };
  const halo = { "text-color": ground.ink, "text-halo-color": ground.halo, "text-halo-width": 1.4 };
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: EMPTY },
      borders: { type: "geojson", data: EMPTY },
      neighbours: { type: "geojson", data: EMPTY },
      regions: { type: "geojson", data: EMPTY, promoteId: "code" },
      "region-names": { type: "geojson", data: EMPTY },
      facilities: {
        type: "vector",
        tiles: [origin + settings.facilities.tiles],
        maxzoom: settings.facilities.maxzoom,
        promoteId: "id",
      },
    },
    layers: [
      { id: "water", type: "background", paint: { "background-color": ground.water } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": ground.land, "fill-antialias": false } },
      { id: "borders", type: "line", source: "borders", paint: { "line-color": ground.border, "line-width": 0.8, "line-dasharray": [3, 2] } },
      {
        id: "regions",
        type: "fill",
        source: "regions",
        paint: { "fill-color": ground.country, "fill-opacity": ["case", ["boolean", ["feature-state", "hover"], false], 0.75, 1] },
      },
      {
        id: "region-lines",
        type: "line",
        source: "regions",
        layout: { "line-join": "round" },
        paint: {
          "line-color": ["case", ["boolean", ["feature-state", "chosen"], false], ground.accent, ground.edge],
          "line-width": ["case", ["boolean", ["feature-state", "chosen"], false], 3, 1],
        },
      },
      {
        id: "neighbours",
        type: "symbol",
        source: "neighbours",
        maxzoom: 7,
        layout: { ...label, "text-field": ["get", "name"], "text-size": 13 * scale, "text-letter-spacing": 0.12, "text-transform": "uppercase" },
        paint: { ...halo, "text-color": ground.border, "text-halo-color": ground.land },
      },
      {
        id: "facilities",
        type: "symbol",
        source: "facilities",
        "source-layer": "facilities",
        filter: facilityFilter(selection),
        layout: {
          "icon-image": SIGN,
          "icon-size": ["interpolate", ["linear"], ["zoom"], 3, ["*", 0.72, size], 6, size, 12, ["*", 1.35, size]],
          "icon-allow-overlap": true,
          "icon-ignore-placement": true,
          "symbol-sort-key": ["-", 0, ["coalesce", ["get", "size"], 0]],
        },
      },
      {
        id: "facility-counts",
        type: "symbol",
        source: "facilities",
        "source-layer": "facilities",
        filter: ["all", [">", COUNT, 1], facilityFilter(selection)] as FilterSpecification,
        layout: { "text-field": ["to-string", COUNT], "text-font": BOLD, "text-size": 12 * scale, "text-allow-overlap": true, "text-ignore-placement": true },
        paint: { "text-color": ground.ink, "text-halo-color": ground.halo, "text-halo-width": 1.6 },
      },
      {
        id: "region-names",
        type: "symbol",
        source: "region-names",
        minzoom: 3.6,
        layout: { ...label, "text-field": ["get", settings.lang], "text-font": BOLD, "text-size": ["interpolate", ["linear"], ["zoom"], 4, 11.5 * scale, 8, 15 * scale], "text-max-width": 7, "symbol-sort-key": ["get", "rank"] },
        paint: { ...halo, "text-halo-width": 1.8 },
      },
      {
        id: "facility-names",
        type: "symbol",
        source: "facilities",
        "source-layer": "facilities",
        minzoom: 7,
        filter: ["all", ["<=", COUNT, 1], facilityFilter(selection)] as FilterSpecification,
        layout: {
          ...label,
          "text-field": name,
          "text-size": 12.5 * scale,
          "text-max-width": 12,
          "text-variable-anchor": ["top", "bottom", "left", "right"],
          "text-radial-offset": 1.05,
          "text-justify": "auto",
          "symbol-sort-key": ["-", 0, ["coalesce", ["get", "size"], 0]],
        },
        paint: halo,
      },
    ],
  };
}
