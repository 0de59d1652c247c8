import type { TrajectoryStore } from "@litmus/core";
import { startServer } from "@litmus/server";
import type { Reporter } from "../../output/reporter.ts";
import { takeStore } from "./take-store.ts";
import { withdrawServer } from "./withdraw-server.ts";

/** Opens the store of a folder for writing; others read it over HTTP meanwhile. @throws LitmusError as {@link takeStore} */
export async function holdStore(directory: string, reporter: Pick<Reporter, "note">): Promise<TrajectoryStore> {
  await using opened = new AsyncDisposableStack();
  const store = await takeStore(directory);
  opened.defer(() => store.close());
  const server = await startServer({ store, writeToken: null });
  opened.defer(() => server.close());
  await store.tellServer({ address: server.address, token: null });
  opened.defer(() => withdrawServer(store, reporter));
  const closing = opened.move();
  return { ...store, close: () => closing.disposeAsync() };
}
