/** The same page in another language shows the same place in it: what stands behind # in the address goes along. */
export function connectLanguages(root: ParentNode): void {
  for (const link of root.querySelectorAll<HTMLAnchorElement>(".languages a")) {
    link.addEventListener("click", () => (link.hash = window.location.hash));
  }
}
