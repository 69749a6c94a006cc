import { type GeoJSONSource, Map as MapLibre, type MapMouseEvent, type Point, ScaleControl, setWorkerUrl, type VectorTileSource } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import type { FeatureCollection } from "geojson";
import type { Area } from "./area";
import { loadBasemap, namePoints } from "./basemap";
import { AreaDrawing } from "./drawing";
import { type Facility, readFacility } from "./facility";
import { ResourceDrawing } from "./resource";
import type { MapSettings, ResourceLayer, Selection } from "./settings";
import { drawSign } from "./signs";
import { buildStyle, EMPTY, facilityFilter, readGround } from "./style";
import type { View } from "./view";

// MapLibre 6 ships its worker as a file of its own; without this address the map stays empty.
setWorkerUrl(workerUrl);

const KAZAKHSTAN: [number, number, number, number] = [46.4, 40.4, 87.4, 55.5];
const FACILITY_LAYERS = ["facilities", "facility-counts"];
const FINGER = 12;
/** How long a ring stands around a facility whose readings came. */
const RING_SECONDS = 6;

export interface Region {
  code: string;
  name: string;
  href: string;
}

/** What the reader does on the map, told to the page. */
export interface Listener {
  moved(camera: NonNullable<View["camera"]>): void;
  facility(facility: Facility): void;
  place(lon: number, lat: number, region: Region | null): void;
  /** The area that is being drawn, after a click. */
  area(area: Area): void;
  settled(): void;
  /** The first time that everything asked for stands on the map. */
  drawn(): void;
  failed(what: "regions" | "basemap" | "facilities" | "layer"): void;
}

/** Whether this browser can draw the map at all. */
export function canDraw(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

/** The drawn map: MapLibre behind the few verbs the page needs. */
export class MapCanvas {
  readonly #map: MapLibre;
  #settings: MapSettings;
  readonly #listener: Listener;
  readonly #drawing: AreaDrawing;
  readonly #resource: ResourceDrawing;
  readonly #dark = window.matchMedia("(prefers-color-scheme: dark)");
  #selection: Selection;
  #data: { source: string; data: FeatureCollection | GeoJSON.Feature }[] = [];
  #hovered: string | number | undefined;
  #chosen: string | undefined;
  #ringed: ReturnType<typeof setTimeout> | undefined;

  constructor(host: HTMLElement, settings: MapSettings, view: View, listener: Listener) {
    this.#settings = settings;
    this.#listener = listener;
    this.#selection = view.selection;
    const messages = settings.messages;
    this.#map = new MapLibre({
      container: host,
      style: this.#style(),
      ...(view.camera
        ? { center: [view.camera.lon, view.camera.lat] as [number, number], zoom: view.camera.zoom }
        : { bounds: settings.bounds ?? KAZAKHSTAN, fitBoundsOptions: { padding: 16 } }),
      minZoom: 2,
      maxZoom: 16,
      fadeDuration: 0,
      dragRotate: false,
      pitchWithRotate: false,
      attributionControl: { compact: true, customAttribution: messages["map-attribution"] ?? "" },
      locale: {
        "AttributionControl.ToggleAttribution": messages["map-attribution-toggle"] ?? "",
        "ScaleControl.Kilometers": messages["map-km"] ?? "km",
        "ScaleControl.Meters": messages["map-m"] ?? "m",
        "Map.Title": messages["map-title"] ?? "",
      },
    });
    this.#drawing = new AreaDrawing(this.#map);
    this.#resource = new ResourceDrawing(this.#map);
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.#map.addControl(new ScaleControl({ maxWidth: 110 }), "bottom-left");
    this.#map.setMissingStyleImageResolver((id) => this.#addSign(id));
    this.#dark.addEventListener("change", this.#restyle);
    this.#listen();
    void this.#load();
  }

  setSelection(selection: Selection): void {
    this.#selection = selection;
    const filter = facilityFilter(selection);
    const single = ["<=", ["coalesce", ["get", "count"], 1], 1];
    this.#whenReady(() => {
      this.#map.setFilter("facilities", filter);
      this.#map.setFilter("facility-counts", ["all", ["!", single], filter] as never);
      this.#map.setFilter("facility-names", ["all", single, filter] as never);
    });
  }

  setResource(layer: ResourceLayer | null, band: string | null): void {
    this.#whenReady(() => this.#resource.show(layer, band));
  }

  zoomBy(steps: number): void {
    this.#map.zoomTo(this.#map.getZoom() + steps);
  }

  /** Moves the view by a share of its size. */
  pan(x: number, y: number): void {
    const { clientWidth, clientHeight } = this.#map.getContainer();
    this.#map.panBy([x * clientWidth, y * clientHeight]);
  }

  home(): void {
    this.#map.fitBounds(this.#settings.bounds ?? KAZAKHSTAN, { padding: 16 });
  }

  show(lon: number, lat: number, zoom = 9): void {
    this.#map.flyTo({ center: [lon, lat], zoom: Math.max(zoom, this.#map.getZoom()) });
    this.mark(lon, lat);
  }

  /** The place in the middle of the view: the keyboard's pointer. */
  center(): { lon: number; lat: number; region: Region | null } {
    const middle = this.#map.getCenter();
    return { lon: middle.lng, lat: middle.lat, region: this.#regionAt(this.#map.project(middle)) };
  }

  /** A ring around the place the card speaks of; null takes it away. */
  mark(lon: number | null, lat = 0): void {
    const data = lon === null ? EMPTY : { type: "Feature" as const, properties: {}, geometry: { type: "Point" as const, coordinates: [lon, lat] } };
    this.#whenReady(() => this.#map.getSource<GeoJSONSource>("mark")?.setData(data));
  }

  /** Shows an area; while it is open, clicks are corners of it. */
  setArea(area: Area | null): void {
    this.#whenReady(() => this.#drawing.show(area));
  }

  /** Facilities as of a newer revision of the data. */
  renew(revision: number): void {
    const { facilities } = this.#settings;
    const tiles = facilities.tiles.replace(/\/facilities\/\d+\//, `/facilities/${revision}/`);
    if (tiles === facilities.tiles) return;
    this.#settings = { ...this.#settings, facilities: { ...facilities, tiles } };
    this.#whenReady(() => this.#map.getSource<VectorTileSource>("facilities")?.setTiles([window.location.origin + tiles]));
  }

  /** A ring around facilities whose readings came: it widens and goes, or only stands for readers who want no motion. */
  ring(places: readonly [number, number][]): void {
    if (!places.length) return;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const features = places.map((coordinates) => ({ type: "Feature" as const, properties: {}, geometry: { type: "Point" as const, coordinates } }));
    this.#whenReady(() => {
      clearTimeout(this.#ringed);
      const paint = (radius: number, opacity: number, milliseconds: number): void => {
        for (const [name, value] of [["circle-radius", radius], ["circle-stroke-opacity", opacity]] as const) {
          this.#map.setPaintProperty("arrived", `${name}-transition`, { duration: milliseconds, delay: 0 });
          this.#map.setPaintProperty("arrived", name, value);
        }
      };
      paint(still ? 15 : 7, 1, 0);
      this.#map.getSource<GeoJSONSource>("arrived")?.setData({ type: "FeatureCollection", features });
      if (!still) requestAnimationFrame(() => paint(30, 0.15, RING_SECONDS * 1000));
      this.#ringed = setTimeout(() => this.#map.getSource<GeoJSONSource>("arrived")?.setData(EMPTY), RING_SECONDS * 1000);
    });
  }

  chooseRegion(code: string | null): void {
    this.#whenReady(() => {
      if (this.#chosen !== undefined) this.#map.setFeatureState({ source: "regions", id: this.#chosen }, { chosen: false });
      this.#chosen = code ?? undefined;
      if (code !== null) this.#map.setFeatureState({ source: "regions", id: code }, { chosen: true });
    });
  }

  /** What is drawn of the facilities at this moment, each once, the largest first. */
  inView(): Facility[] {
    if (!this.#map.getLayer("facilities")) return [];
    const seen = new Map<string, Facility>();
    for (const feature of this.#map.queryRenderedFeatures({ layers: ["facilities"] })) {
      const facility = readFacility(feature, this.#settings.lang);
      if (!seen.has(facility.key)) seen.set(facility.key, facility);
    }
    return [...seen.values()].sort((a, b) => (b.power ?? 0) - (a.power ?? 0));
  }

  resize(): void {
    this.#map.resize();
  }

  destroy(): void {
    this.#dark.removeEventListener("change", this.#restyle);
    clearTimeout(this.#ringed);
    this.#map.remove();
  }

  #style() {
    return buildStyle(this.#settings, readGround(), window.location.origin, this.#selection);
  }

  #listen(): void {
    const map = this.#map;
    map.on("style.load", () => this.#refill());
    map.on("moveend", () => {
      const { lng, lat } = map.getCenter();
      this.#listener.moved({ zoom: map.getZoom(), lat, lon: lng });
    });
    map.on("idle", () => this.#listener.settled());
    map.on("click", (event) => this.#clicked(event));
    map.on("mousemove", (event) => this.#hover(event));
    map.on("mouseout", () => this.#hoverRegion(undefined));
    map.on("error", (event) => {
      const source = (event as { sourceId?: string }).sourceId;
      if (source === "facilities") this.#listener.failed("facilities");
      else if (source === "resource") this.#listener.failed("layer");
    });
  }

  async #load(): Promise<void> {
    const basemap = loadBasemap(this.#settings.messages).then(({ land, borders, names }) => {
      this.#give("land", land);
      this.#give("borders", borders);
      this.#give("neighbours", names);
    });
    const regions = fetch(this.#settings.regions).then(async (answer) => {
      if (!answer.ok) throw new Error(`${this.#settings.regions}: ${answer.status}`);
      const data = (await answer.json()) as FeatureCollection;
      this.#give("regions", data);
      this.#give("region-names", namePoints(data));
    });
    const [first, second] = await Promise.allSettled([basemap, regions]);
    if (first.status === "rejected") this.#listener.failed("basemap");
    if (second.status === "rejected") this.#listener.failed("regions");
    this.#whenReady(() => {
      this.#map.once("idle", () => this.#listener.drawn());
      this.#map.triggerRepaint();
    });
  }

  #give(source: string, data: FeatureCollection | GeoJSON.Feature): void {
    this.#data = [...this.#data.filter((entry) => entry.source !== source), { source, data }];
    this.#whenReady(() => this.#map.getSource<GeoJSONSource>(source)?.setData(data));
  }

  /** After a style has been loaded, also anew on a change of scheme: data, resource layer and mark come back. */
  #refill(): void {
    const { accent } = readGround();
    for (const { source, data } of this.#data) this.#map.getSource<GeoJSONSource>(source)?.setData(data);
    this.#map.addSource("mark", { type: "geojson", data: EMPTY });
    this.#map.addLayer({ id: "mark", type: "circle", source: "mark", paint: { "circle-radius": 17, "circle-opacity": 0, "circle-stroke-color": accent, "circle-stroke-width": 3 } });
    this.#map.addSource("arrived", { type: "geojson", data: EMPTY });
    this.#map.addLayer({ id: "arrived", type: "circle", source: "arrived", paint: { "circle-radius": 15, "circle-opacity": 0, "circle-stroke-color": accent, "circle-stroke-width": 2.5 } });
    this.#drawing.addLayers(accent);
    this.#resource.addLayers();
    this.chooseRegion(this.#chosen ?? null);
  }

  #restyle = (): void => {
    this.#map.setStyle(this.#style(), { diff: false });
  };

  #addSign(id: string): void {
    const drawn = drawSign(id, this.#settings.families, this.#dark.matches);
    if (drawn && !this.#map.hasImage(id)) this.#map.addImage(id, drawn.image, { pixelRatio: drawn.pixelRatio });
  }

  #facilityAt({ point }: MapMouseEvent): Facility | null {
    if (!this.#map.getLayer("facilities")) return null;
    const box: [[number, number], [number, number]] = [[point.x - FINGER, point.y - FINGER], [point.x + FINGER, point.y + FINGER]];
    const here = this.#map.queryRenderedFeatures(point, { layers: FACILITY_LAYERS });
    // A planner clicks for the value: only a sign that is hit stands before it.
    const near = here.length || this.#settings.form ? here : this.#map.queryRenderedFeatures(box, { layers: FACILITY_LAYERS });
    return near[0] ? readFacility(near[0], this.#settings.lang) : null;
  }

  #regionAt(point: Point): Region | null {
    const found = this.#map.getLayer("regions") ? this.#map.queryRenderedFeatures(point, { layers: ["regions"] })[0] : undefined;
    if (!found) return null;
    const { code = "", [this.#settings.lang]: name = code } = found.properties as Record<string, string | undefined>;
    return { code, name, href: this.#settings.regionPage.replace("{code}", encodeURIComponent(code)) };
  }

  #clicked(event: MapMouseEvent): void {
    if (this.#drawing.open) {
      this.#listener.area(this.#drawing.clicked(event));
      return;
    }
    const facility = this.#facilityAt(event);
    if (facility) {
      this.mark(facility.lon, facility.lat);
      this.#listener.facility(facility);
    } else {
      this.mark(event.lngLat.lng, event.lngLat.lat);
      this.#listener.place(event.lngLat.lng, event.lngLat.lat, this.#regionAt(event.point));
    }
  }

  #hover(event: MapMouseEvent): void {
    this.#map.getCanvas().style.cursor = this.#drawing.open ? "crosshair" : this.#facilityAt(event) ? "pointer" : "";
    this.#hoverRegion(this.#map.getLayer("regions") ? this.#map.queryRenderedFeatures(event.point, { layers: ["regions"] })[0]?.id : undefined);
  }

  #hoverRegion(id: string | number | undefined): void {
    if (id === this.#hovered) return;
    if (this.#hovered !== undefined) this.#map.setFeatureState({ source: "regions", id: this.#hovered }, { hover: false });
    this.#hovered = id;
    if (id !== undefined) this.#map.setFeatureState({ source: "regions", id }, { hover: true });
  }

  #whenReady(act: () => void): void {
    if (this.#map.getSource("mark")) act();
    else this.#map.once("style.load", act);
  }
}
