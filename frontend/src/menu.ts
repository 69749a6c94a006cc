/** Opens and closes the navigation on narrow screens; without scripts it simply stays open. */
export function connectMenu(root: ParentNode): void {
  const button = root.querySelector<HTMLButtonElement>("[data-menu]");
  const target = button && document.getElementById(button.getAttribute("aria-controls") ?? "");
  if (!button || !target) return;
  const set = (open: boolean): void => {
    button.setAttribute("aria-expanded", String(open));
    target.toggleAttribute("data-open", open);
  };
  button.addEventListener("click", () => set(button.getAttribute("aria-expanded") !== "true"));
  target.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    set(false);
    button.focus();
  });
}
