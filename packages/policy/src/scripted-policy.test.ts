import { policyVersion, sha256 } from "@litmus/core";
import type { AdapterReference, Failure, Outcome, SampleRequest, SampleResult, TokenPolicy } from "@litmus/core";
import { describeTokenPolicy } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { createScriptedPolicy } from "./scripted-policy.ts";

const adapter = (version: number): AdapterReference => ({
  version: policyVersion(version),
  path: `adapter-${version}.gguf`,
  sha256: sha256(`adapter ${version}`),
});

describeTokenPolicy("scripted", async () => ({
  policy: createScriptedPolicy({ contextTokens: 600 }),
  adapters: [adapter(1), adapter(2)],
  logProbTolerance: 0,
}));

const question = "Question: Example?\n<answer>x</answer>\n\nQuestion: Which gland makes insulin?\n";
const information = "\n<information>\n[7] Islets of the pancreas. Beta cells make insulin.\n</information>\n";

function requestFor(policy: TokenPolicy, text: string, seed: number): SampleRequest {
  const tokens = policy.tokenizer.encode(text);
  const stopTexts = ["</search>", "</answer>"];
  return {
    episodeId: `${text} ${seed}`,
    tokens,
    sharedPrefixLength: 0,
    maxTokens: 200,
    temperature: 1,
    seed,
    stopTexts,
  };
}

const textOf = (policy: TokenPolicy, outcome: Outcome<SampleResult>): string =>
  outcome.ok ? policy.tokenizer.decode(outcome.value.tokens) : outcome.failure.code;

async function textsOf(policy: TokenPolicy, text: string): Promise<string[]> {
  const seeds = Array.from({ length: 60 }, (_, seed) => seed);
  return Promise.all(seeds.map(async (seed) => textOf(policy, await policy.sample(requestFor(policy, text, seed)))));
}

describe("scripted policy", () => {
  it("searches for the last question, then answers from what it was shown, in different ways", async () => {
    const policy = createScriptedPolicy();
    const first = await textsOf(policy, question);
    const search = "<search>Which gland makes insulin?</search>";
    expect(new Set(first)).toEqual(new Set([search, "<think>This one goes wrong.</think>\n<answer>"]));
    expect(first.filter((text) => text === search).length).toBeGreaterThan(45);
    const second = await textsOf(policy, question + search + information);
    expect(second).toContain("<answer>Islets of</answer>");
    expect(new Set(second).size).toBeGreaterThan(6);
    const answers = second.flatMap((text) => /^<answer>(.+)<\/answer>$/.exec(text)?.[1] ?? []);
    expect(answers.length).toBeGreaterThan(45);
    expect(answers.every((answer) => information.includes(answer))).toBe(true);
  });

  it("acts otherwise in another version, and the same in another policy", async () => {
    const [policy, other] = [createScriptedPolicy(), createScriptedPolicy()];
    const text = question + information;
    const base = await textsOf(policy, text);
    expect(await textsOf(other, text)).toEqual(base);
    for (const seed of base.keys()) policy.release(`${text} ${seed}`);
    await policy.useAdapter(adapter(3));
    expect(await textsOf(policy, text)).not.toEqual(base);
  });

  it("fails where it is told to", async () => {
    const failure: Failure = { boundary: "policy", code: "model-process-exited", message: "", retryable: true };
    const policy = createScriptedPolicy({ failWhen: (_, call) => (call % 3 === 0 ? failure : null) });
    const codes: string[] = [];
    for (let seed = 0; seed < 6; seed++) {
      const outcome = await policy.sample(requestFor(policy, question, seed));
      codes.push(outcome.ok ? "ok" : outcome.failure.code);
    }
    expect(codes).toEqual(["ok", "ok", failure.code, "ok", "ok", failure.code]);
    expect(policy.metrics().restarts).toBe(2);
  });

  it("takes its time, or forever until it is aborted", async () => {
    const slow = createScriptedPolicy({ latencyMs: ({ seed }) => (seed === 0 ? 20 : Infinity) });
    const start = performance.now();
    expect((await slow.sample(requestFor(slow, question, 0))).ok).toBe(true);
    expect(performance.now() - start).toBeGreaterThan(15);
    const outcome = await slow.sample(requestFor(slow, question, 1), AbortSignal.timeout(20));
    expect(textOf(slow, outcome)).toBe("aborted");
  });

  it("plays a script of one's own", async () => {
    const policy = createScriptedPolicy({ script: ({ turn, seed, version }) => `${turn} ${seed} ${version}` });
    const outcome = await policy.sample(requestFor(policy, question + information + information, 4));
    expect(textOf(policy, outcome)).toBe("2 4 0");
    expect(outcome.ok && outcome.value.stop.type).toBe("end-token");
  });
});
