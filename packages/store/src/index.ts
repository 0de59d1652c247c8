export { openMemoryStore } from "./open-memory-store.ts";
export { openPostgresStore } from "./open-postgres-store.ts";
export type { OpenPostgresStore, PostgresStoreOptions } from "./create-postgres-store.ts";
export { openStore } from "./open-store.ts";
export type { OpenStore, StoreOptions } from "./open-store.ts";
export { recordSchemas } from "./record-schemas.ts";
export type { RunLease } from "./run-lease.ts";
export { readLock } from "./store-lock.ts";
export type { HolderServer, StoreLock } from "./store-lock.ts";
