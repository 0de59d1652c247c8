import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LitmusError, sha256 } from "@litmus/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLlamaCppPolicy } from "./llama-cpp-policy.ts";
import type { LlamaCppPolicy } from "./llama-cpp-policy.ts";
import { codeOf, distributionAfter, requestFor, valueOf } from "./testing/sampling.ts";
import { writeTinyAdapter, writeTinyModel } from "./testing/tiny-model.ts";
import type { TinyModel } from "./testing/tiny-model.ts";

let directory: string;
let model: TinyModel;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "litmus-supervisor-"));
  model = await writeTinyModel(directory);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const open = (changes: object = {}): Promise<LlamaCppPolicy> =>
  createLlamaCppPolicy({
    modelPath: model.path,
    modelSha256: model.sha256,
    contextTokens: 512,
    slots: 2,
    threads: 1,
    ...changes,
  });

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const prompt = [2, 40, 41, 42, 43];

describe("the model's process", () => {
  it("is started again after it was killed, with its adapter, and what was under way becomes failures", async () => {
    const policy = await open();
    const path = join(directory, "adapter.gguf");
    await policy.useAdapter(await writeTinyAdapter(path, { version: 7, scale: 1, baseSha256: model.sha256 }));
    const before = await distributionAfter(policy, prompt, [50, 60]);
    const { pid } = policy;
    const requests = [1, 2, 3, 4].map((seed) => requestFor(prompt, { seed, maxTokens: 500 }));
    const pending = requests.map((request) => policy.sample(request));
    const score = policy.score([{ tokens: prompt, positions: [1] }]);
    await until(() => true);
    process.kill(pid, "SIGKILL");
    for (const outcome of await Promise.all([...pending, score])) {
      expect(outcome).toMatchObject({ ok: false, failure: { code: "model-process-exited", retryable: true } });
    }
    const next = requestFor(prompt);
    expect(valueOf(await policy.sample(next)).policy.version).toBe(7);
    expect(await distributionAfter(policy, prompt, [50, 60])).toEqual(before);
    expect(policy.pid).not.toBe(pid);
    expect(policy.metrics()).toMatchObject({ restarts: 1 });
    for (const { episodeId } of [...requests, next]) policy.release(episodeId);
    await policy.useAdapter(null);
    await policy.close();
    expect(isAlive(policy.pid)).toBe(false);
  });

  /** Kills the process, waits for the next one, kills that before it acts. */
  async function killTwice(policy: LlamaCppPolicy): Promise<string> {
    const { pid } = policy;
    process.kill(pid, "SIGKILL");
    for (;;) {
      const pending = policy.sample(requestFor(prompt));
      await Promise.race([pending, until(() => policy.pid !== pid)]);
      if (policy.pid === pid) continue;
      process.kill(policy.pid, "SIGKILL");
      return codeOf(await pending);
    }
  }

  it("is given up when it ends again and again without an action, but not when it acts in between", async () => {
    const policy = await open({ maxRestarts: 1 });
    for (let round = 0; round < 2; round++) {
      process.kill(policy.pid, "SIGKILL");
      const request = requestFor(prompt);
      let code = codeOf(await policy.sample(request));
      while (code === "model-process-exited") code = codeOf(await policy.sample(request));
      expect(code).toBe("ok");
      policy.release(request.episodeId);
    }
    expect(policy.metrics().restarts).toBe(2);
    expect(await killTwice(policy)).not.toBe("ok");
    expect(await policy.sample(requestFor(prompt))).toMatchObject({
      ok: false,
      failure: { boundary: "policy", code: "model-process-unusable", retryable: false },
    });
    await policy.close();
  });

  it("ends with its parent", async () => {
    const script = join(import.meta.dirname, "testing", "open-and-wait.ts");
    const parent = fork(script, [model.path, model.sha256], { execArgv: [] });
    const [pid] = (await once(parent, "message")) as [number];
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await until(() => !isAlive(pid));
  });
});

describe("a model that cannot be loaded", () => {
  const errorOf = async (changes: object): Promise<LitmusError> => {
    const start = performance.now();
    const error: unknown = await open(changes).then(
      async (policy) => {
        await policy.close();
        return null;
      },
      (thrown: unknown) => thrown,
    );
    expect(performance.now() - start).toBeLessThan(10_000);
    if (!LitmusError.isInstance(error)) throw new Error(`it loaded, or threw something untyped: ${String(error)}`);
    expect(error.hint).toBeDefined();
    return error;
  };

  it("is refused with a hint: missing, cut short, foreign, or with another hash", async () => {
    const whole = await readFile(model.path);
    const short = join(directory, "short.gguf");
    await writeFile(short, whole.subarray(0, whole.length - 1000));
    const foreign = join(directory, "foreign.gguf");
    await writeFile(foreign, "no model at all");
    expect((await errorOf({ modelPath: join(directory, "nowhere.gguf") })).code).toBe("not-found");
    const shortHash = sha256(whole.subarray(0, whole.length - 1000));
    expect((await errorOf({ modelPath: short, modelSha256: shortHash })).code).toBe("corrupt-file");
    expect((await errorOf({ modelPath: foreign, modelSha256: sha256("no model at all") })).code).toBe("corrupt-file");
    expect((await errorOf({ modelSha256: sha256("another") })).code).toBe("corrupt-file");
  });

  it("is refused where it does not fit in memory", async () => {
    expect((await errorOf({ contextTokens: 400_000_000 })).code).toBe("unavailable");
  });

  it.each([
    { slots: 0 },
    { contextTokens: 1 },
    { batchTokens: 1 },
    { modelSha256: "abc" },
    { threads: 0.5 },
    { other: 1 },
  ])("is not even tried with %j", async (changes) => {
    await expect(open(changes)).rejects.toMatchObject({ code: "invalid-config" });
  });
});
