import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "@litmus/core";
import type { AdapterReference, Outcome, SampleResult } from "@litmus/core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { requestFor, valueOf } from "../testing/sampling.ts";
import { writeTinyAdapter } from "../testing/tiny-model.ts";
import type { OpenAiCompatibleOptions } from "./openai-compatible-options.ts";
import { baseSha256, openServed, startFakeEngine } from "./testing/open-served.ts";
import type { FakeEngine } from "./testing/open-served.ts";
import type { OpenAiCompatiblePolicy } from "./served-policy.ts";

const folder = await mkdtemp(join(tmpdir(), "litmus-served-adapters-"));
const engines: FakeEngine[] = [];
afterEach(() => Promise.all(engines.splice(0).map(({ server }) => server.close())));
afterAll(() => rm(folder, { recursive: true }));

const write = (version: number, base = baseSha256): Promise<AdapterReference> =>
  writeTinyAdapter(join(folder, `${base.slice(0, 4)}-${version}.gguf`), { version, scale: version, baseSha256: base });
const [one, two] = [await write(1), await write(2)];
const nameOf = ({ version, sha256: hash }: AdapterReference): string => `litmus-v${version}-${hash.slice(0, 12)}`;

async function setUp(
  name: "vllm" | "sglang" | "llama-server",
  options: Partial<OpenAiCompatibleOptions> = {},
  adapters: readonly string[] = [],
): Promise<FakeEngine & { readonly policy: OpenAiCompatiblePolicy }> {
  const engine = await startFakeEngine(name, { adapters: new Map(adapters.map((path) => [path, path])) });
  engines.push(engine);
  return { ...engine, policy: await openServed(engine, options) };
}

function act(policy: OpenAiCompatiblePolicy): Promise<Outcome<SampleResult>> {
  const request = requestFor(policy.tokenizer.encode("Question"), { maxTokens: 5, temperature: 0 });
  const outcome = policy.sample(request);
  return outcome.finally(() => policy.release(request.episodeId));
}

const codeOf = (outcome: Outcome<unknown>): string => (outcome.ok ? "ok" : outcome.failure.code);

describe.each(["vllm", "sglang"] as const)("adapters of %s", (name) => {
  it("are published as PEFT folders under a name of their own, loaded, used and unloaded", async () => {
    const { policy, start } = await setUp(name);
    const base = valueOf(await act(policy)).tokens;
    await policy.useAdapter(one);
    expect([...start.adapters]).toEqual([[nameOf(one), join(folder, nameOf(one))]]);
    const files = (await readdir(join(folder, nameOf(one)))).sort();
    expect(files).toEqual(["adapter_config.json", "adapter_model.safetensors"]);
    const config = JSON.parse(await readFile(join(folder, nameOf(one), "adapter_config.json"), "utf8")) as unknown;
    expect(config).toMatchObject({ peft_type: "LORA", base_model_name_or_path: "base-model" });
    const adapted = valueOf(await act(policy));
    expect(adapted.tokens).not.toEqual(base);
    expect(adapted.policy).toMatchObject({ engine: name, version: 1, adapterSha256: one.sha256 });
    await policy.useAdapter(two);
    expect([...start.adapters.keys()]).toEqual([nameOf(two)]);
    await policy.useAdapter(null);
    expect([...start.adapters.keys()]).toEqual([]);
    expect(valueOf(await act(policy)).tokens).toEqual(base);
  });

  it("stay loaded as many as are kept, for processes that sample from an earlier one", async () => {
    const { policy, start } = await setUp(name, { keptAdapters: 2 });
    await policy.useAdapter(one);
    await policy.useAdapter(two);
    expect([...start.adapters.keys()].sort()).toEqual([nameOf(one), nameOf(two)].sort());
    await policy.useAdapter(one);
    expect(start.adapters.size).toBe(2);
    // With the base in use, one more than none.
    await policy.useAdapter(null);
    expect([...start.adapters.keys()]).toEqual([nameOf(one)]);
  });

  it("are not loaded twice, so that a resumed run takes what an earlier process had loaded", async () => {
    const { policy, start, server } = await setUp(name);
    start.adapters.set(nameOf(one), "loaded before");
    await policy.useAdapter(one);
    expect(server.requests.filter(({ path }) => path.endsWith("/load_lora_adapter"))).toEqual([]);
    expect(codeOf(await act(policy))).toBe("ok");
  });

  it("count as loaded when only the answer was lost", async () => {
    const { policy, start, server } = await setUp(name);
    server.onRequest = ({ path, body }) => {
      if (!path.endsWith("/load_lora_adapter") || start.adapters.size > 0) return;
      const { lora_name: loaded, lora_path: from } = body as { lora_name: string; lora_path: string };
      start.adapters.set(loaded, from);
      server.faults.push({ type: "drop" });
    };
    await policy.useAdapter(one);
    expect(policy.identity().version).toBe(1);
  });

  it("are loaded again, once, when the engine has forgotten them", async () => {
    const { policy, start, server } = await setUp(name);
    await policy.useAdapter(one);
    const before = valueOf(await act(policy)).tokens;
    start.adapters.clear();
    const outcomes = await Promise.all([act(policy), act(policy), act(policy)]);
    expect(outcomes.map((outcome) => valueOf(outcome).tokens)).toEqual([before, before, before]);
    expect(server.requests.filter(({ path }) => path.endsWith("/load_lora_adapter"))).toHaveLength(2);
    expect(policy.metrics().restarts).toBeGreaterThan(0);
  });

  it("fail as data when the engine does not take them back", async () => {
    const { policy, start, server } = await setUp(name);
    await policy.useAdapter(one);
    start.adapters.clear();
    server.onRequest = ({ path }) => {
      if (path === "/v1/models") server.faults.push({ type: "answer", status: 500, body: "out of memory" });
    };
    expect(await act(policy)).toMatchObject({ ok: false, failure: { boundary: "policy", code: "engine-failed" } });
  });

  it("stay as they were when the next one cannot be loaded", async () => {
    const { policy, server } = await setUp(name, { maxRetries: 0 });
    await policy.useAdapter(one);
    const loads: number[] = [];
    server.onRequest = ({ path }) => {
      if (path.endsWith("/load_lora_adapter") && loads.push(1) === 1) {
        server.faults.push({ type: "answer", status: 400, body: { error: "rank 64 is above the maximum of 16" } });
      }
    };
    await expect(policy.useAdapter(two)).rejects.toMatchObject({
      code: "incompatible",
      message: expect.stringContaining("rank 64 is above the maximum of 16") as string,
      hint: expect.stringContaining("--max-lora-rank") as string,
    });
    expect(valueOf(await act(policy)).policy).toMatchObject({ version: 1, adapterSha256: one.sha256 });
    await policy.useAdapter(two);
    expect(policy.identity()).toMatchObject({ version: 2 });
  });

  it("are named as the engine sees the folder that both share", async () => {
    const { policy, server } = await setUp(name, { sharedFolder: { local: folder, engine: "/mnt/adapters" } });
    // The fake engine looks for the files, which are not there under that name.
    await expect(policy.useAdapter(one)).rejects.toMatchObject({ code: "incompatible" });
    const [load] = server.requests.filter(({ path }) => path.endsWith("/load_lora_adapter"));
    expect(load?.body).toEqual({ lora_name: nameOf(one), lora_path: `/mnt/adapters/${nameOf(one)}` });
  });
});

describe("adapters of any engine", () => {
  it("are checked before the engine hears of them", async () => {
    const { policy, server } = await setUp("vllm", { sharedFolder: { local: join(folder, "other"), engine: "/mnt" } });
    const codeOfUse = (adapter: AdapterReference): Promise<string> =>
      policy.useAdapter(adapter).then(
        () => "used",
        (error: { code: string }) => error.code,
      );
    expect(await codeOfUse({ ...one, sha256: sha256("something else") })).toBe("corrupt-file");
    expect(await codeOfUse({ ...one, path: join(folder, "missing.gguf") })).toBe("not-found");
    expect(await codeOfUse(await write(1, sha256("another base")))).toBe("incompatible");
    expect(await codeOfUse(one)).toBe("invalid-config");
    expect(server.requests.filter(({ path }) => path.endsWith("_lora_adapter"))).toEqual([]);
    expect(policy.identity()).toMatchObject({ version: 0, adapterSha256: null });
  });

  it("say which of them answered an episode that was released while it sampled", async () => {
    const { policy, server } = await setUp("vllm");
    await policy.useAdapter(one);
    const request = requestFor(policy.tokenizer.encode("Question"), { maxTokens: 5 });
    const switches: Promise<void>[] = [];
    server.onRequest = ({ path }) => {
      if (path !== "/v1/completions" || switches.length > 0) return;
      policy.release(request.episodeId);
      switches.push(policy.useAdapter(two));
    };
    const outcome = await policy.sample(request);
    await Promise.all(switches);
    expect(outcome.ok ? outcome.value.policy.version : outcome.failure.code).toBe(1);
    expect(server.to("/v1/completions").at(-1)?.body).toMatchObject({ model: nameOf(one) });
  });
});

describe("adapters of llama-server", () => {
  it("are those that it was started with, weighed by request", async () => {
    const { policy, server } = await setUp("llama-server", {}, [two.path, one.path]);
    const base = valueOf(await act(policy)).tokens;
    expect(server.to("/completion").at(-1)?.body).toMatchObject({
      lora: [
        { id: 0, scale: 0 },
        { id: 1, scale: 0 },
      ],
    });
    await policy.useAdapter(one);
    expect(valueOf(await act(policy)).tokens).not.toEqual(base);
    expect(server.to("/completion").at(-1)?.body).toMatchObject({
      lora: [
        { id: 0, scale: 0 },
        { id: 1, scale: 1 },
      ],
    });
  });

  it("are not taken for others that have their numbers after a restart", async () => {
    const { policy, start, server } = await setUp("llama-server", {}, [one.path]);
    const base = valueOf(await act(policy)).tokens;
    await policy.useAdapter(one);
    const before = valueOf(await act(policy)).tokens;
    const restartWith = (...paths: readonly string[]): void => {
      start.adapters.clear();
      for (const path of paths) start.adapters.set(path, path);
    };
    restartWith(two.path);
    expect(codeOf(await act(policy))).toBe("engine-refused-request");
    restartWith(two.path, one.path);
    expect(valueOf(await act(policy))).toMatchObject({ tokens: before, policy: { version: 1 } });
    expect(codeOf(await policy.score([{ tokens: [1, 2, 3], positions: [2] }]))).toBe("ok");
    await policy.useAdapter(null);
    restartWith();
    expect(valueOf(await act(policy)).tokens).toEqual(base);
    restartWith(one.path);
    expect(valueOf(await act(policy)).tokens).toEqual(base);
    expect(server.to("/completion").at(-1)?.body).toMatchObject({ lora: [{ id: 0, scale: 0 }], cache_prompt: false });
  });

  it("are refused when it was started without them", async () => {
    const { policy } = await setUp("llama-server", {}, [two.path]);
    await expect(policy.useAdapter(one)).rejects.toMatchObject({
      code: "incompatible",
      message: expect.stringContaining(`was started without ${one.path}`) as string,
      hint: expect.stringContaining("--lora") as string,
    });
  });
});
