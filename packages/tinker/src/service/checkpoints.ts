/** @file Finds training checkpoints by name. Names say what a checkpoint holds; the path also says which model saved it. */
import { z } from "zod";
import type { HttpClient } from "../http/http-client.ts";
import { readJson } from "../wire/json-results.ts";

const runs = z.object({ training_runs: z.array(z.object({ training_run_id: z.string() })) });
const checkpoints = z.object({
  checkpoints: z.array(z.object({ checkpoint_type: z.string(), tinker_path: z.string() })),
});

const pageSize = 100;

/** The path of a model's finished training checkpoint of this name; null when there is none. */
export async function findInModel(http: HttpClient, modelId: string, name: string): Promise<string | null> {
  const path = `/api/v1/training_runs/${encodeURIComponent(modelId)}/checkpoints`;
  const { bytes } = await http.send({ method: "GET", path, repeat: "safe" });
  const found = readJson(checkpoints, bytes, "checkpoints").checkpoints.find(
    (one) => one.checkpoint_type === "training" && one.tinker_path.endsWith(`/weights/${name}`),
  );
  return found?.tinker_path ?? null;
}

/** The same over all models that the server remembers, unloaded ones included. */
export async function findAnywhere(http: HttpClient, name: string): Promise<string | null> {
  for (let offset = 0; ; offset += pageSize) {
    const path = `/api/v1/training_runs?limit=${pageSize}&offset=${offset}`;
    const { bytes } = await http.send({ method: "GET", path, repeat: "safe" });
    const page = readJson(runs, bytes, "training_runs").training_runs;
    for (const { training_run_id: modelId } of page) {
      const found = await findInModel(http, modelId, name);
      if (found !== null) return found;
    }
    if (page.length < pageSize) return null;
  }
}
