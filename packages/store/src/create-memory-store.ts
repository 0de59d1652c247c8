import { drizzle } from "drizzle-orm/pglite";
import type { TrajectoryStore } from "@litmus/core";
import { createDatabaseStore } from "./create-database-store.ts";
import { migrate } from "./migrate.ts";
import * as schema from "./schema.ts";
import { startInMemory } from "./start-pglite.ts";
import { storeError } from "./store-error.ts";
import { callsOf, drainBeforeClose, storeOf } from "./store-methods.ts";

/** A store that is gone when it is closed, in the calling thread. */
export async function createMemoryStore(): Promise<TrajectoryStore> {
  const pglite = await startInMemory();
  await migrate(pglite);
  const call = drainBeforeClose(callsOf(createDatabaseStore(drizzle(pglite, { schema }), () => pglite.close())));
  return storeOf(async (method, args) => {
    try {
      // A copy, as a message to a thread is one: both stores take and refuse the same values.
      return await call(method, structuredClone(args));
    } catch (error) {
      throw storeError(error);
    }
  });
}
