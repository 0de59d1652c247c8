import type { TrajectoryStore } from "@litmus/core";

/** A store that is gone when it is closed, in the calling thread: for tests and trials. */
export async function openMemoryStore(): Promise<TrajectoryStore> {
  // Loaded here, because Postgres and drizzle take 150 MB that a process whose store runs in its own thread needs not.
  const { createMemoryStore } = await import("./create-memory-store.ts");
  return createMemoryStore();
}
