import type { TrajectoryStore } from "@litmus/core";
import { startServer } from "@litmus/server";
import { takeStore } from "./take-store.ts";

/** Opens the store of a folder for writing; others read it over HTTP meanwhile. @throws LitmusError as {@link takeStore} */
export async function holdStore(directory: string): Promise<TrajectoryStore> {
  await using opened = new AsyncDisposableStack();
  const store = await takeStore(directory);
  opened.defer(() => store.close());
  const server = await startServer({ store, writeToken: null });
  opened.defer(() => server.close());
  await store.tellServer({ address: server.address, token: null });
  const closing = opened.move();
  return { ...store, close: () => closing.disposeAsync() };
}
