import type { Map as MapLibre, RasterTileSource } from "maplibre-gl";
import type { ResourceLayer } from "./settings";
import { FONT, readGround } from "./style";

/** The resource layer on the map, below the borders, opaque and unsmoothed: its colours are exactly those of the legend. */
export class ResourceDrawing {
  readonly #map: MapLibre;
  #shown: { layer: ResourceLayer; band: string } | null = null;

  constructor(map: MapLibre) {
    this.#map = map;
  }

  /** Shows a band of a layer, or none. Of a raster that stands already only the tiles change, without a blink. */
  show(layer: ResourceLayer | null, band: string | null): void {
    const before = this.#shown;
    this.#shown = layer && band ? { layer, band } : null;
    if (before && this.#shown && before.layer.id === this.#shown.layer.id && before.layer.shape === "raster") {
      this.#map.getSource<RasterTileSource>("resource")?.setTiles([this.#tiles()]);
    } else {
      this.addLayers();
    }
  }

  /** Puts the layer where it belongs among the others; also anew after a style has been loaded. */
  addLayers(): void {
    const map = this.#map;
    for (const part of ["resource", "resource-names"]) if (map.getLayer(part)) map.removeLayer(part);
    if (map.getSource("resource")) map.removeSource("resource");
    if (!this.#shown) return;
    const { layer } = this.#shown;
    if (layer.shape !== "raster") {
      this.#drawPlaces(layer);
      return;
    }
    map.addSource("resource", { type: "raster", tiles: [this.#tiles()], tileSize: 256, maxzoom: layer.maxzoom ?? 7 });
    map.addLayer({ id: "resource", type: "raster", source: "resource", paint: { "raster-resampling": "nearest", "raster-fade-duration": 0 } }, "region-lines");
  }

  /** Areas below the borders, sites above them; what nobody confirmed is pale. */
  #drawPlaces(layer: ResourceLayer): void {
    const opacity = ["case", ["get", "confirmed"], 1, 0.55] as never;
    const { ink, halo, scale } = readGround();
    this.#map.addSource("resource", { type: "geojson", data: window.location.origin + layer.places });
    if (layer.shape === "areas") {
      this.#map.addLayer({ id: "resource", type: "fill", source: "resource", paint: { "fill-color": ["get", "colour"], "fill-opacity": opacity } }, "region-lines");
      return;
    }
    if (layer.shape === "lines") {
      this.#map.addLayer({ id: "resource", type: "line", source: "resource", paint: { "line-color": ["get", "colour"], "line-width": ["interpolate", ["linear"], ["zoom"], 3, 1, 8, 3] } }, "region-lines");
      return;
    }
    this.#map.addLayer(
      {
        id: "resource",
        type: "circle",
        source: "resource",
        paint: {
          "circle-color": ["get", "colour"],
          "circle-opacity": opacity,
          "circle-radius": ["interpolate", ["linear"], ["zoom"], 3, 5 * scale, 8, 9 * scale],
          "circle-stroke-color": ink,
          "circle-stroke-width": 1.2,
        },
      },
      "facilities",
    );
    this.#map.addLayer(
      {
        id: "resource-names",
        type: "symbol",
        source: "resource",
        minzoom: 5.5,
        layout: { "text-field": ["concat", ["get", "name"], "\n", ["get", "text"]], "text-font": FONT, "text-size": 12 * scale, "text-anchor": "top", "text-offset": [0, 0.8], "text-max-width": 12 },
        paint: { "text-color": ink, "text-halo-color": halo, "text-halo-width": 1.6 },
      },
      "facilities",
    );
  }

  #tiles(): string {
    const { layer, band } = this.#shown!;
    return window.location.origin + layer.tiles.replace("{band}", encodeURIComponent(band));
  }
}
