const storageKey = "litmus-token";

/** The parts of a window that hold the token. */
export interface TokenPlace {
  readonly location: Pick<Location, "hash" | "pathname" | "search">;
  readonly history: Pick<History, "replaceState" | "state">;
  readonly sessionStorage: Pick<Storage, "getItem" | "setItem">;
}

/**
 * The token of this tab's server, or null. A token in the fragment (`#token=…`), which browsers send to nobody, is kept for the
 * tab and leaves the address bar, so that a copied address never holds it.
 */
export function takeToken({ location, history, sessionStorage }: TokenPlace): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get("token");
  if (token === null || token === "") return sessionStorage.getItem(storageKey);
  sessionStorage.setItem(storageKey, token);
  fragment.delete("token");
  const rest = fragment.size === 0 ? "" : `#${fragment.toString()}`;
  history.replaceState(history.state, "", `${location.pathname}${location.search}${rest}`);
  return token;
}
