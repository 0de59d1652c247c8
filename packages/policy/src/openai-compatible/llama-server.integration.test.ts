import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AdapterReference, SampleRequest, TokenPolicy } from "@litmus/core";
import { describeTokenPolicy } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLlamaCppPolicy } from "../llama-cpp-policy.ts";
import { loadLlamaTokenizer } from "../llama-tokenizer.ts";
import type { LoadedTokenizer } from "../llama-tokenizer.ts";
import { chiSquareTest } from "../testing/chi-square-test.ts";
import { llamaServerProgram, startLlamaServer } from "../testing/real-llama-server.ts";
import type { RealLlamaServer, RealLlamaServerSettings } from "../testing/real-llama-server.ts";
import { distributionAfter, drawMany, requestFor, valueOf } from "../testing/sampling.ts";
import { writeTinyAdapter, writeTinyModel } from "../testing/tiny-model.ts";
import type { TinyModel } from "../testing/tiny-model.ts";
import { createOpenAiCompatiblePolicy } from "./create-openai-compatible-policy.ts";
import type { OpenAiCompatibleOptions, OpenAiCompatibleParts } from "./openai-compatible-options.ts";
import type { OpenAiCompatiblePolicy } from "./served-policy.ts";

const contextTokens = 512;
/** Other kernels, in half precision: of some thousand tokens the greatest difference seen was 0.0017, their mean 0.0001. */
const [mostNats, meanNats] = [5e-3, 5e-4];

describe.skipIf(llamaServerProgram === undefined)("llama.cpp's own server (LITMUS_TEST_LLAMA_SERVER)", () => {
  const closing = new AsyncDisposableStack();
  let directory: string;
  let model: TinyModel;
  let vocabulary: LoadedTokenizer;
  let [one, two]: AdapterReference[] = [];
  /** The same file in this process: what the server's log-probabilities are compared with. */
  let reference: TokenPolicy;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "litmus-llama-server-test-"));
    closing.defer(() => rm(directory, { recursive: true, force: true }));
    model = await writeTinyModel(directory);
    const write = (version: number): Promise<AdapterReference> =>
      writeTinyAdapter(join(directory, `${version}.gguf`), { version, scale: 1, baseSha256: model.sha256 });
    [one, two] = [await write(1), await write(2)];
    vocabulary = await loadLlamaTokenizer(model.path);
    closing.defer(vocabulary.dispose);
    const shape = { contextTokens, slots: 4, threads: 1 };
    reference = await createLlamaCppPolicy({ modelPath: model.path, modelSha256: model.sha256, ...shape });
    closing.defer(() => reference.close());
  });
  afterAll(() => closing.disposeAsync());

  const start = async (settings: Partial<RealLlamaServerSettings> = {}): Promise<RealLlamaServer> => {
    const server = await startLlamaServer({ modelPath: model.path, contextTokens, ...settings });
    closing.defer(() => server.end());
    return server;
  };
  const open = async (
    { baseUrl }: RealLlamaServer,
    { sleep, ...changes }: Partial<OpenAiCompatibleOptions & OpenAiCompatibleParts> = {},
  ): Promise<OpenAiCompatiblePolicy> => {
    const policy = await createOpenAiCompatiblePolicy(
      { engine: "llama-server", baseUrl, model: "tiny", modelSha256: model.sha256, maxConcurrency: 4, ...changes },
      { tokenizer: vocabulary.tokenizer, ...(sleep === undefined ? {} : { sleep }) },
    );
    closing.defer(() => policy.close());
    return policy;
  };
  const promptOf = (text: string): readonly number[] => [
    vocabulary.tokenizer.special.beginOfSequence,
    ...vocabulary.tokenizer.encode(text),
  ];
  const prompts = ["Which gland makes insulin?", "β-cells: ", "a", "Question 4. ".repeat(12)].map(
    (text) => () => promptOf(text),
  );

  describeTokenPolicy("llama.cpp's own server", async () => ({
    policy: await open(await start({ adapters: [one!.path, two!.path] })),
    adapters: [one!, two!],
    logProbTolerance: mostNats,
    hidesCache: true,
  }));

  async function play(policy: TokenPolicy, tokens: readonly number[], changes: Partial<SampleRequest> = {}) {
    const request = requestFor(tokens, { maxTokens: 16, ...changes });
    const result = valueOf(await policy.sample(request));
    policy.release(request.episodeId);
    return result;
  }

  /** Absolute differences of an action's log-probabilities from those of the same model in this process, in nats. */
  async function differences(policy: TokenPolicy, tokens: readonly number[], changes: Partial<SampleRequest> = {}) {
    const action = await play(policy, tokens, changes);
    const positions = action.tokens.map((_, i) => tokens.length + i);
    const [scores = []] = valueOf(await reference.score([{ tokens: [...tokens, ...action.tokens], positions }]));
    return action.logProbs.map((logProb, i) => Math.abs(logProb - scores[i]!));
  }

  async function expectSame(policy: TokenPolicy, seeds: readonly number[]): Promise<void> {
    const all: number[] = [];
    for (const seed of seeds) {
      for (const prompt of prompts) all.push(...(await differences(policy, prompt(), { seed })));
    }
    expect(all.length).toBeGreaterThan(20);
    expect(Math.max(...all)).toBeLessThan(mostNats);
    expect(all.reduce((sum, difference) => sum + difference, 0) / all.length).toBeLessThan(meanNats);
  }

  it("gives the log-probabilities that the same model has in this process", async () => {
    const policy = await open(await start());
    await expectSame(policy, [1, 2, 3]);
    for (const prompt of prompts) {
      const [here, there] = [
        await play(reference, prompt(), { temperature: 0 }),
        await play(policy, prompt(), { temperature: 0 }),
      ];
      expect(there.tokens).toEqual(here.tokens);
    }
  });

  it("draws from the whole distribution that the same model has in this process: 4,000 one-token samples", async () => {
    const policy = await open(await start());
    const prompt = promptOf("Which gland makes insulin?");
    const everyToken = Array.from({ length: policy.tokenizer.vocabularySize }, (_, token) => token);
    const logProbs = await distributionAfter(reference, prompt, everyToken);
    const counts = await drawMany(policy, prompt, { draws: 4000, temperature: 1, players: 4 });
    expect(chiSquareTest(counts, logProbs.map(Math.exp)).pValue).toBeGreaterThan(0.001);
  });

  it("gives the tokens of a stop text log-probabilities, too", async () => {
    const policy = await open(await start());
    const prompt = promptOf("Stop");
    let stopped = 0;
    for (let seed = 0; seed < 12; seed++) {
      const whole = await play(policy, prompt, { seed });
      const text = policy.tokenizer.decode(whole.tokens);
      const stopText = text.slice(4, 7);
      const changes = { seed, stopTexts: [stopText] };
      const { stop } = await play(policy, prompt, changes);
      if (stop.type === "stop-text") stopped++;
      expect(Math.max(...(await differences(policy, prompt, changes)))).toBeLessThan(mostNats);
    }
    expect(stopped).toBeGreaterThan(6);
  });

  it("fills its context to the last token, as the same model does in this process", async () => {
    const policy = await open(await start());
    expect(policy.contextTokens).toBe(contextTokens);
    const filler = promptOf("a ".repeat(contextTokens)).slice(0, contextTokens - 3);
    const [here, there] = [
      await play(reference, filler, { temperature: 0, maxTokens: 50 }),
      await play(policy, filler, { temperature: 0, maxTokens: 50 }),
    ];
    expect(there).toMatchObject({ tokens: here.tokens, stop: here.stop });
    expect(there.stop).toEqual({ type: "context-full" });
  });

  it("answers with the version that it was started with, and never with another in its place", async () => {
    const server = await start({ adapters: [one!.path] });
    const policy = await open(server);
    await policy.useAdapter(one!);
    await reference.useAdapter(one!);
    await expectSame(policy, [1]);
    expect((await play(policy, promptOf("a"))).policy).toMatchObject({ version: 1, adapterSha256: one!.sha256 });
    await expect(policy.useAdapter(two!)).rejects.toMatchObject({
      code: "incompatible",
      message: expect.stringContaining(`started without ${two!.path}`) as string,
    });
    expect(policy.identity().version).toBe(1);

    // The same number now stands for another adapter.
    await server.restart([two!.path]);
    const outcome = await policy.sample(requestFor(promptOf("a")));
    expect(outcome).toMatchObject({ ok: false, failure: { code: "engine-refused-request", retryable: false } });
  });

  it("goes on with the next version once it was restarted with it", async () => {
    const server = await start({ adapters: [one!.path] });
    const policy = await open(server);
    await policy.useAdapter(one!);
    await server.restart([two!.path]);
    await policy.useAdapter(two!);
    await reference.useAdapter(two!);
    await expectSame(policy, [1]);
    await server.restart([one!.path, two!.path]);
    expect((await play(policy, promptOf("a"))).policy).toMatchObject({ version: 2, adapterSha256: two!.sha256 });
    await expectSame(policy, [2]);
    await reference.useAdapter(null);
    await policy.useAdapter(null);
    await expectSame(policy, [3]);
  });

  it("never takes what it evaluated with one version for another's", async () => {
    // In one slot: what leaves it is kept in memory, and comes back to whoever begins alike.
    const policy = await open(await start({ adapters: [one!.path], slots: 1 }));
    const first = promptOf("Which gland makes insulin? ".repeat(8));
    const second = promptOf("Another question altogether. ".repeat(8));
    const found: number[] = [];
    for (const [version, tokens] of [[null, first] as const, [one!, second] as const, [one!, first] as const]) {
      await Promise.all([policy.useAdapter(version), reference.useAdapter(version)]);
      found.push(...(await differences(policy, tokens)));
    }
    await reference.useAdapter(null);
    expect(Math.max(...found)).toBeLessThan(mostNats);
  });

  it("fails with what is worth a retry when it is killed, and goes on when it is back", async () => {
    const server = await start();
    const policy = await open(server, { maxRetries: 0 });
    // A server that stands still takes the request, and cannot answer it before its end.
    process.kill(server.pid, "SIGSTOP");
    const pending = policy.sample(requestFor(promptOf("a"), { maxTokens: 4 }));
    const scores = policy.score([{ tokens: promptOf("a"), positions: [1] }]);
    await server.end();
    const unreachable = { ok: false, failure: { boundary: "policy", code: "engine-unreachable", retryable: true } };
    expect(await pending).toMatchObject(unreachable);
    expect(await scores).toMatchObject(unreachable);
    expect(await policy.sample(requestFor(promptOf("a")))).toMatchObject(unreachable);
    await server.restart([]);
    await expectSame(policy, [1]);
  });

  it("is asked again until it is back", async () => {
    const server = await start();
    const restarting: Promise<void>[] = [];
    const policy = await open(server, { sleep: () => (restarting[0] ??= server.restart([])) });
    await server.end();
    expect((await play(policy, promptOf("a"), { maxTokens: 4 })).tokens.length).toBeGreaterThan(0);
    expect(restarting).toHaveLength(1);
  });
});
