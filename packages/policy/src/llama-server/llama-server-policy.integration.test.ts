import { fork } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AdapterReference, TokenPolicy } from "@litmus/core";
import { sha256 } from "@litmus/core";
import { describeTokenPolicy } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLlamaCppPolicy } from "../llama-cpp-policy.ts";
import { loadLlamaTokenizer } from "../llama-tokenizer.ts";
import type { LoadedTokenizer } from "../llama-tokenizer.ts";
import type { OpenAiCompatiblePolicy } from "../openai-compatible/served-policy.ts";
import { llamaServerProgram } from "../testing/real-llama-server.ts";
import { codeOf, distributionAfter, requestFor, valueOf } from "../testing/sampling.ts";
import { writeTinyAdapter, writeTinyModel } from "../testing/tiny-model.ts";
import type { TinyAdapter, TinyModel } from "../testing/tiny-model.ts";
import { createLlamaServerPolicy } from "./create-llama-server-policy.ts";
import type { LlamaServerOptions } from "./llama-server-options.ts";

const contextTokens = 512;
const prompt = [2, 40, 41, 42, 43];
const tokens = Array.from({ length: 20 }, (_, i) => 20 + i);

function isAlive(pid: number | null): boolean {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe.skipIf(llamaServerProgram === undefined)(
  "a llama-server of the policy's own (LITMUS_TEST_LLAMA_SERVER)",
  () => {
    const closing = new AsyncDisposableStack();
    let directory: string;
    let model: TinyModel;
    let vocabulary: LoadedTokenizer;
    let reference: TokenPolicy;
    beforeAll(async () => {
      // A path that llama-server would read as several, were it not quoted.
      directory = await mkdtemp(join(tmpdir(), 'litmus-llama-server, "own"-'));
      closing.defer(() => rm(directory, { recursive: true, force: true }));
      model = await writeTinyModel(directory);
      vocabulary = await loadLlamaTokenizer(model.path);
      closing.defer(vocabulary.dispose);
      const shape = { contextTokens, slots: 4, threads: 1 };
      reference = await createLlamaCppPolicy({ modelPath: model.path, modelSha256: model.sha256, ...shape });
      closing.defer(() => reference.close());
    });
    afterAll(() => closing.disposeAsync());

    const write = (name: string, adapter: Partial<TinyAdapter> = {}): Promise<AdapterReference> =>
      writeTinyAdapter(join(directory, `${name}.gguf`), { version: 1, scale: 1, baseSha256: model.sha256, ...adapter });
    const open = async (changes: Partial<LlamaServerOptions> = {}): Promise<OpenAiCompatiblePolicy> => {
      const named = { program: llamaServerProgram ?? "", modelPath: model.path, modelSha256: model.sha256 };
      const options = { ...named, contextTokens, slots: 4, threads: 1, ...changes };
      const policy = await createLlamaServerPolicy(options, { tokenizer: vocabulary.tokenizer });
      closing.defer(() => policy.close());
      return policy;
    };

    describeTokenPolicy("a llama-server of the policy's own", async () => ({
      policy: await open(),
      adapters: [await write("one"), await write("two", { version: 2 })],
      logProbTolerance: 2e-3,
    }));

    /** The policy and the same model in this process, both with an adapter: greatest difference in nats. */
    async function differenceWith(policy: TokenPolicy, adapter: AdapterReference | null): Promise<number> {
      await reference.useAdapter(adapter);
      const [here, there] = [
        await distributionAfter(reference, prompt, tokens),
        await distributionAfter(policy, prompt, tokens),
      ];
      return Math.max(...here.map((logProb, i) => Math.abs(logProb - there[i]!)));
    }

    it("is started anew for every version, once the live episodes are over", async () => {
      const policy = await open();
      const pids = [policy.enginePid];
      const live = requestFor(prompt);
      valueOf(await policy.sample(live));
      const switched = policy.useAdapter(await write("three", { version: 3 }));
      expect(valueOf(await policy.sample(live)).policy.version).toBe(0);
      expect(policy.enginePid).toBe(pids[0]);
      policy.release(live.episodeId);
      await switched;
      for (const version of [3, 4, 3]) {
        const adapter = await write(`version ${version}`, { version });
        await policy.useAdapter(adapter);
        pids.push(policy.enginePid);
        expect(await differenceWith(policy, adapter)).toBeLessThan(2e-3);
        expect(policy.identity()).toMatchObject({ engine: "llama-server", version, adapterSha256: adapter.sha256 });
      }
      await policy.useAdapter(null);
      pids.push(policy.enginePid);
      expect(await differenceWith(policy, null)).toBeLessThan(2e-3);
      expect(new Set(pids).size).toBe(5);
      expect(pids.slice(0, -1).filter(isAlive)).toEqual([]);
      expect(policy.metrics().restarts).toBe(0);
      await policy.close();
      expect(isAlive(pids.at(-1)!)).toBe(false);
    });

    it("stays with its version when the next one does not load, and says what the server wrote", async () => {
      const policy = await open();
      const good = await write("good");
      await policy.useAdapter(good);
      await expect(policy.useAdapter(await write("other-shape", { version: 2, features: 48 }))).rejects.toMatchObject({
        code: "unavailable",
        message: expect.stringMatching(/does not start with the adapter .*other-shape[.]gguf.*lora/s) as string,
      });
      expect(policy.identity().version).toBe(1);
      expect(await differenceWith(policy, good)).toBeLessThan(2e-3);
      await reference.useAdapter(null);
    });

    it("is started again, with its version, after it was killed; what was under way becomes failures", async () => {
      const policy = await open();
      const adapter = await write("kept");
      await policy.useAdapter(adapter);
      const pid = policy.enginePid ?? 0;
      process.kill(pid, "SIGSTOP");
      const pending = [policy.sample(requestFor(prompt)), policy.score([{ tokens: prompt, positions: [1] }])];
      process.kill(pid, "SIGKILL");
      for (const outcome of await Promise.all<unknown>(pending)) {
        expect(outcome).toMatchObject({ ok: false, failure: { code: "engine-unreachable", retryable: true } });
      }
      // Until its end is noticed, it is asked in vain.
      let code = "engine-unreachable";
      while (code === "engine-unreachable") code = codeOf(await policy.score([{ tokens: prompt, positions: [1] }]));
      expect(code).toBe("ok");
      expect(await differenceWith(policy, adapter)).toBeLessThan(2e-3);
      expect(policy.metrics().restarts).toBe(1);
      await reference.useAdapter(null);
    });

    it("says what the program wrote when it does not start", async () => {
      const errorOf = (changes: Partial<LlamaServerOptions>): Promise<unknown> =>
        open(changes).then(
          () => "opened",
          (error: unknown) => error,
        );
      const stub = join(directory, "stub.sh");
      await writeFile(stub, "#!/bin/sh\necho no room for the model >&2\nexit 3\n");
      await chmod(stub, 0o755);
      expect(await errorOf({ program: stub })).toMatchObject({
        code: "unavailable",
        message: expect.stringContaining("no room for the model") as string,
      });
      expect(await errorOf({ program: join(directory, "nowhere") })).toMatchObject({
        code: "unavailable",
        message: expect.stringContaining("ENOENT") as string,
      });
      expect(await errorOf({ modelSha256: sha256("another") })).toMatchObject({ code: "corrupt-file" });
      expect(await errorOf({ modelPath: join(directory, "nowhere.gguf") })).toMatchObject({ code: "not-found" });
      expect(await errorOf({ slots: 0 })).toMatchObject({ code: "invalid-config" });
    });

    it("ends with the process that opened it", async () => {
      const script = join(import.meta.dirname, "..", "testing", "open-llama-server-and-wait.ts");
      const parent = fork(script, [llamaServerProgram ?? "", model.path, model.sha256], { execArgv: [] });
      const [pid] = (await once(parent, "message")) as [number];
      expect(isAlive(pid)).toBe(true);
      parent.kill("SIGKILL");
      await until(() => !isAlive(pid));
    });
  },
);
