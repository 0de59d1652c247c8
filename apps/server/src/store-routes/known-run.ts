import { LitmusError, type RunRecord } from "@litmus/core";
import { readRunId } from "../request-schemas.ts";
import type { StoreReader } from "../store-reader.ts";

/** The run of an id. @throws LitmusError `invalid-input` when it is none, `not-found` when there is no such run */
export async function knownRun(store: StoreReader, id: string): Promise<RunRecord> {
  const run = await store.run(readRunId(id));
  if (run === null) throw new LitmusError("not-found", "there is no such run", { hint: "GET /store/runs lists them" });
  return run;
}
