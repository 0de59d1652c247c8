import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import type { ApiClient } from "@litmus/api";
import type { QueryClient } from "@tanstack/react-query";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ApiProvider } from "../api/api-provider.tsx";
import { ConnectionProvider } from "../live/connection.tsx";
import type { LiveUpdates } from "../live/live-updates.ts";
import type { PageRouter } from "./router.tsx";

export interface AppProps {
  readonly client: ApiClient;
  readonly queryClient: QueryClient;
  readonly router: PageRouter;
  readonly live: LiveUpdates;
}

/** The whole page, with what it is given. */
export function App({ client, queryClient, router, live }: AppProps): ReactNode {
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <ApiProvider client={client}>
          <ConnectionProvider live={live}>
            <Tooltip.Provider delay={250}>
              <RouterProvider router={router} />
            </Tooltip.Provider>
          </ConnectionProvider>
        </ApiProvider>
      </QueryClientProvider>
    </CSPProvider>
  );
}
