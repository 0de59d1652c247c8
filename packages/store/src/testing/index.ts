export { createTestDatabase, type TestDatabase } from "./postgres-database.ts";
