import { createApiClient } from "@litmus/api";
import type { HolderServer } from "@litmus/store";

/**
 * Has a server read what every list needs before anybody asks: of thousands of runs it takes a second. What goes wrong is told with
 * the first request.
 */
export function readAhead({ address, token }: HolderServer): void {
  void createApiClient({ baseUrl: address, token: () => token })
    .runs({ limit: 1 })
    .catch(() => undefined);
}
