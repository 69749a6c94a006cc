import { readCorners, writeCorners, type Area } from "./area";
import type { MapSettings, Selection } from "./settings";

/** Everything about the map that a shared address carries. */
export interface View {
  camera: { zoom: number; lat: number; lon: number } | null;
  selection: Selection;
  layer: string | null;
  band: string | null;
  area: Area | null;
}

export const NOTHING_SELECTED: Selection = { families: [], statuses: [], sizes: [], unconfirmed: true };

/** The view in a fragment such as `#map=5.2/48.00/67.00&family=solar,wind&layer=solar.ghi_clear&band=06&area=70 50,70.6 50,70.6 50.4`. */
export function readView(fragment: string, settings: Pick<MapSettings, "selected" | "families" | "statuses" | "sizes" | "layers" | "shown">): View {
  const asked = new URLSearchParams(fragment.replace(/^#/, ""));
  const chosen = { ...NOTHING_SELECTED, ...settings.selected };
  const list = (name: string, fallback: string[], known: readonly { key: string }[]): string[] => {
    const value = asked.get(name);
    if (value === null) return fallback;
    return value.split(",").filter((key) => known.some((entry) => entry.key === key));
  };
  const id = asked.get("layer") ?? settings.shown?.layer;
  const key = asked.get("band") ?? settings.shown?.band;
  const layer = settings.layers.find((entry) => entry.id === id && entry.waiting === null);
  return {
    camera: readCamera(asked.get("map")),
    selection: {
      families: list("family", chosen.families, settings.families),
      statuses: list("status", chosen.statuses, settings.statuses),
      sizes: list("size", chosen.sizes, settings.sizes),
      unconfirmed: asked.has("unconfirmed") ? asked.get("unconfirmed") !== "no" : chosen.unconfirmed,
    },
    layer: layer?.id ?? null,
    band: layer?.bands.find((entry) => entry.key === key)?.key ?? layer?.bands[0]?.key ?? null,
    area: readArea(asked.get("area")),
  };
}

function readCamera(text: string | null): View["camera"] {
  const parts = (text ?? "").split("/").map(Number);
  const [zoom, lat, lon] = parts;
  if (parts.length !== 3 || zoom === undefined || lat === undefined || lon === undefined) return null;
  if (!parts.every(Number.isFinite) || zoom < 0 || zoom > 22 || Math.abs(lat) > 85 || Math.abs(lon) > 180) return null;
  return { zoom, lat, lon };
}

/** An area of three corners and more stands; with fewer it is being drawn. */
function readArea(text: string | null): Area | null {
  const corners = text === null ? null : readCorners(text);
  return corners && { corners, closed: corners.length > 2 };
}

/** The fragment of a view; what is at its default is left out, so that plain addresses stay plain. */
export function writeView(view: View): string {
  const parts: string[] = [];
  if (view.camera) {
    const { zoom, lat, lon } = view.camera;
    const digits = Math.max(1, Math.min(5, Math.ceil(zoom / 3)));
    parts.push(`map=${zoom.toFixed(1)}/${lat.toFixed(digits)}/${lon.toFixed(digits)}`);
  }
  const { families, statuses, sizes, unconfirmed } = view.selection;
  if (families.length) parts.push(`family=${families.join(",")}`);
  if (statuses.length) parts.push(`status=${statuses.join(",")}`);
  if (sizes.length) parts.push(`size=${sizes.join(",")}`);
  if (!unconfirmed) parts.push("unconfirmed=no");
  if (view.layer) parts.push(`layer=${view.layer}`);
  if (view.layer && view.band) parts.push(`band=${view.band}`);
  if (view.area) parts.push(`area=${writeCorners(view.area.corners).replaceAll(" ", "+")}`);
  return parts.length ? `#${parts.join("&")}` : "";
}

/** The list with `key` added or taken away. */
export const toggled = (list: readonly string[], key: string): string[] =>
  list.includes(key) ? list.filter((entry) => entry !== key) : [...list, key];
