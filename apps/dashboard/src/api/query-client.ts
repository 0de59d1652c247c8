import { keepPreviousData, QueryClient } from "@tanstack/react-query";
import { isRetryable } from "./describe-error.ts";

const retries = 2;

/**
 * The cache of what the server told. A view stays on the screen while its successor loads; what changed is fetched again because
 * live updates say so, never because a window got the focus; what cannot succeed is not tried again.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        placeholderData: keepPreviousData,
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: "always",
        retry: (failures, error) => failures < retries && isRetryable(error),
        retryDelay: (failures) => Math.min(500 * 2 ** failures, 4000),
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}
