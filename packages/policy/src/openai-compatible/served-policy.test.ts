import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AdapterReference } from "@litmus/core";
import { describeTokenPolicy } from "@litmus/testing";
import { afterAll } from "vitest";
import { writeTinyAdapter } from "../testing/tiny-model.ts";
import { engineNames } from "./openai-compatible-options.ts";
import { baseSha256, openServed, startFakeEngine } from "./testing/open-served.ts";
import type { FakeEngine } from "./testing/open-served.ts";

const folder = await mkdtemp(join(tmpdir(), "litmus-served-"));
const engines: FakeEngine[] = [];
afterAll(async () => {
  await Promise.all(engines.map(({ server }) => server.close()));
  await rm(folder, { recursive: true });
});

async function writeAdapters(engine: string): Promise<[AdapterReference, AdapterReference]> {
  const write = (version: number): Promise<AdapterReference> =>
    writeTinyAdapter(join(folder, `${engine}-${version}.gguf`), { version, scale: version, baseSha256 });
  return [await write(1), await write(2)];
}

for (const name of engineNames) {
  describeTokenPolicy(`${name} over HTTP`, async () => {
    const adapters = await writeAdapters(name);
    // llama-server reads its adapters at its start; the others while they run.
    const known = name === "llama-server" ? adapters.map(({ path }): [string, string] => [path, path]) : [];
    const engine = await startFakeEngine(name, { adapters: new Map(known) });
    engines.push(engine);
    const policy = await openServed(engine, { maxConcurrency: 4 });
    return { policy, adapters, logProbTolerance: 1e-9, hidesCache: name === "llama-server" };
  });
}
