import type { ApiClient } from "@litmus/api";
import { createContext, use } from "react";
import type { ReactNode } from "react";

const Api = createContext<ApiClient | null>(null);

export interface ApiProviderProps {
  readonly client: ApiClient;
  readonly children: ReactNode;
}

export function ApiProvider({ client, children }: ApiProviderProps): ReactNode {
  return <Api value={client}>{children}</Api>;
}

/** The client of this page's server. @throws Error outside of an ApiProvider, which is a defect of the page */
export function useApi(): ApiClient {
  const client = use(Api);
  if (client === null) throw new Error("useApi needs an ApiProvider above it");
  return client;
}
