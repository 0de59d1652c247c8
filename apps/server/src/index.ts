export type { AskHandler } from "./create-app.ts";
export { createRemoteStore } from "./remote-store.ts";
export type { RetrieveOptions } from "./retrieve/add-retrieve-route.ts";
export { startServer } from "./start-server.ts";
export type { RunningServer, ServerOptions } from "./start-server.ts";
export type { StoreReader } from "./store-reader.ts";
