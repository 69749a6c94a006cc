import { mount } from "svelte";
import MapIsland from "./MapIsland.svelte";
import type { MapSettings } from "./settings";

export function start(stage: HTMLElement, settings: unknown): void {
  mount(MapIsland, { target: stage, props: { settings: settings as MapSettings } });
}
