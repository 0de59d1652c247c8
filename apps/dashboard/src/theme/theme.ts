export const themes = ["light", "dark", "system"] as const;
export type Theme = (typeof themes)[number];

/** The key that public/theme.js reads before the first paint. */
const storageKey = "litmus-theme";

/** The chosen theme; `system` where none was chosen or nothing can be stored. */
export function readTheme(storage: Pick<Storage, "getItem">): Theme {
  const stored = storage.getItem(storageKey);
  return stored === "light" || stored === "dark" ? stored : "system";
}

/** Shows a theme at once and keeps the choice. Charts hear of it through the root's attribute. */
export function applyTheme(theme: Theme, root: HTMLElement, storage: Pick<Storage, "setItem" | "removeItem">): void {
  if (theme === "system") {
    delete root.dataset["theme"];
    storage.removeItem(storageKey);
    return;
  }
  root.dataset["theme"] = theme;
  storage.setItem(storageKey, theme);
}
