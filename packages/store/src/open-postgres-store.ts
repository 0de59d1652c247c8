import type { OpenPostgresStore, PostgresStoreOptions } from "./create-postgres-store.ts";

/**
 * Opens the store of a Postgres server, version 15 or later, and brings its tables to this version's. A call that fails because the
 * server restarts or a transaction lost against another is run again, whole: writes are idempotent by key.
 * @throws LitmusError `invalid-config` for a bad address, user or password; `not-found` when there is no such database; `unavailable` when
 * the server cannot be reached; `incompatible` when it is too old, not in UTF8, or holds tables of something else
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<OpenPostgresStore> {
  // Loaded here, because the driver and drizzle take memory that a process whose store is a folder needs not.
  const { createPostgresStore } = await import("./create-postgres-store.ts");
  return createPostgresStore(options);
}
