/**
 * Sliders over named steps, such as the years of an account. The server has written the names as a list of options and
 * the chosen one as output; with this script the name follows the slider, for the eye and for screen readers.
 */
export function connectSteps(root: ParentNode): void {
  for (const slider of root.querySelectorAll<HTMLInputElement>('input[type="range"][list]')) {
    const names = [...(slider.list?.querySelectorAll("option") ?? [])].map((option) => option.label);
    slider.addEventListener("input", () => tell(slider, names[slider.valueAsNumber] ?? ""));
  }
}

function tell(slider: HTMLInputElement, name: string): void {
  slider.setAttribute("aria-valuetext", name);
  const output = slider.closest("label")?.querySelector("output");
  if (output) output.textContent = name;
}
