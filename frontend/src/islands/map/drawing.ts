import type { GeoJSONSource, Map as MapLibre, MapMouseEvent } from "maplibre-gl";
import { areaShapes, type Area } from "./area";
import { EMPTY } from "./style";

/** How near a click counts as one on a corner, in pixels. */
const NEAR = 12;

/** The area that the reader draws, on the map. */
export class AreaDrawing {
  readonly #map: MapLibre;
  #area: Area | null = null;

  constructor(map: MapLibre) {
    this.#map = map;
  }

  /** Whether clicks on the map are corners. */
  get open(): boolean {
    return this.#area !== null && !this.#area.closed;
  }

  /** Source and layers of the area, above all that stands on the map; after each load of a style. */
  addLayers(color: string): void {
    const part = (name: string) => ["==", ["get", "part"], name] as never;
    this.#map.addSource("area", { type: "geojson", data: EMPTY });
    this.#map.addLayer({ id: "area-ground", type: "fill", source: "area", filter: part("ground"), paint: { "fill-color": color, "fill-opacity": 0.15 } });
    this.#map.addLayer({ id: "area-outline", type: "line", source: "area", filter: part("outline"), layout: { "line-join": "round" }, paint: { "line-color": color, "line-width": 3 } });
    this.#map.addLayer({
      id: "area-corners",
      type: "circle",
      source: "area",
      filter: part("corners"),
      paint: { "circle-radius": 6, "circle-color": "#ffffff", "circle-stroke-color": color, "circle-stroke-width": 3 },
    });
    this.show(this.#area);
  }

  show(area: Area | null): void {
    this.#area = area;
    this.#map.getSource<GeoJSONSource>("area")?.setData(area ? areaShapes(area) : EMPTY);
    // The second click of a double click falls on the corner of the first, which closes the area.
    if (this.open) this.#map.doubleClickZoom.disable();
    else this.#map.doubleClickZoom.enable();
  }

  /** The area after a click: one corner more; closed by a click on the first or the last corner. */
  clicked({ point, lngLat }: MapMouseEvent): Area {
    const corners = this.#area?.corners ?? [];
    const hit = [corners[0], corners.at(-1)].some((corner) => corner && this.#map.project([...corner]).dist(point) <= NEAR);
    if (hit) return { corners, closed: corners.length > 2 };
    return { corners: [...corners, [lngLat.lng, lngLat.lat]], closed: false };
  }
}
