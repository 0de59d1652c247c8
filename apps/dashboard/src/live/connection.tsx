import { createContext, use, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import type { LiveState, LiveUpdates } from "./live-updates.ts";

const Connection = createContext<LiveUpdates | null>(null);

const never: LiveState = { status: "connecting", updatedAtMs: null };
const noSubscription = (): (() => void) => () => undefined;

export interface ConnectionProviderProps {
  readonly live: LiveUpdates;
  readonly children: ReactNode;
}

export function ConnectionProvider({ live, children }: ConnectionProviderProps): ReactNode {
  return <Connection value={live}>{children}</Connection>;
}

/** How the page hears of changes now. Outside of a provider, as in a report, it stays `connecting`. */
export function useConnection(): LiveState {
  const live = use(Connection);
  return useSyncExternalStore(live?.subscribe ?? noSubscription, live?.state ?? (() => never));
}
