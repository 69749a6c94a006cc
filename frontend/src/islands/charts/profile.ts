import { mount } from "svelte";
import MonthBars from "./MonthBars.svelte";
import { monthNames } from "./months";
import type { ProfileSettings } from "./settings";

export function start(stage: HTMLElement, settings: unknown): void {
  const { lang, messages, title, unit, values } = settings as ProfileSettings;
  mount(MonthBars, { target: stage, props: { lang, values, unit, title, noData: messages["no-data"] ?? "", ...monthNames(messages) } });
}
