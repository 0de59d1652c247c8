import { createApiClient } from "@litmus/api";
import { act, configure, render } from "@testing-library/react";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
  stripSearchParams,
} from "@tanstack/react-router";
import { QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiProvider } from "../api/api-provider.tsx";
import { createQueryClient } from "../api/query-client.ts";
import type { ViewSchema } from "../state/view-schema.ts";

// A busy machine may be slow to draw; a test that waits for what never comes still ends.
configure({ asyncUtilTimeout: 15_000 });

export interface RenderedPageOptions<View extends object> {
  /** With `$name` for what is in the address. */
  readonly path: string;
  readonly address: string;
  readonly view: ViewSchema<View>;
  readonly page: () => ReactNode;
  /** What the server answers: to a path, with its parameters. */
  readonly serve: (url: URL, init: RequestInit) => Response | Promise<Response>;
}

export interface RenderedPage {
  /** The address as it is now, without its origin. */
  readonly address: () => string;
}

/** A page at its address, on a server that a test plays. */
export async function renderPage<View extends object>(options: RenderedPageOptions<View>): Promise<RenderedPage> {
  const { path, address, view, page, serve } = options;
  const client = createApiClient({
    baseUrl: "http://127.0.0.1:1",
    token: () => "token",
    fetch: async (url, init = {}) => serve(new URL(url instanceof Request ? url.url : url), init),
  });
  const root = createRootRoute();
  const route = createRoute({
    getParentRoute: () => root,
    path,
    validateSearch: (search: Record<string, unknown>) => view.parse(search),
    search: { middlewares: [stripSearchParams(view.defaults as never) as never] },
    component: page,
  });
  const history = createMemoryHistory({ initialEntries: [address] });
  const router = createRouter({ routeTree: root.addChildren([route]), history });
  await act(async () => {
    render(
      <QueryClientProvider client={createQueryClient()}>
        <ApiProvider client={client}>
          <RouterProvider router={router as never} />
        </ApiProvider>
      </QueryClientProvider>,
    );
    await router.load();
  });
  return { address: () => history.location.href };
}
