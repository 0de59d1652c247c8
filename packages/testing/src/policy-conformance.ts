import type {
  AdapterReference,
  Outcome,
  SampleRequest,
  SampleResult,
  ScoreRequest,
  TokenPolicy,
  Tokenizer,
} from "@litmus/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { arbitraryText } from "./arbitrary-trajectory.ts";

/** A policy under test, and what the suite must know of it. */
export interface PolicyUnderTest {
  /** With a context of 128 to 1,024 tokens. */
  readonly policy: TokenPolicy;
  /** Two adapters that fit it, of versions 1 and 2. */
  readonly adapters: readonly [AdapterReference, AdapterReference];
  /** Nats by which a sampled and a teacher-forced log-probability may differ: kernels differ between batch shapes. */
  readonly logProbTolerance: number;
  /** True for an engine that does not say what it found in a cache: all of a context then counts as evaluated. */
  readonly hidesCache?: boolean;
}

let episodes = 0;

class Player {
  readonly policy: TokenPolicy;
  readonly prompt: readonly number[];

  constructor(policy: TokenPolicy) {
    this.policy = policy;
    const { tokenizer } = policy;
    this.prompt = [tokenizer.special.beginOfSequence, ...tokenizer.encode("Question: Which gland makes insulin?\n")];
  }

  request(changes: Partial<SampleRequest> = {}): SampleRequest {
    const episodeId = `conformance-${episodes++}`;
    const defaults = {
      tokens: this.prompt,
      sharedPrefixLength: 0,
      maxTokens: 6,
      temperature: 1,
      seed: 1,
      stopTexts: [],
    };
    return { episodeId, ...defaults, ...changes };
  }

  /** One action of an episode that goes on. */
  async act(request: SampleRequest): Promise<SampleResult> {
    return valueOf(await this.policy.sample(request));
  }

  /** One action of an episode that ends with it. */
  async play(changes: Partial<SampleRequest> = {}): Promise<SampleResult> {
    const request = this.request(changes);
    const result = await this.act(request);
    this.policy.release(request.episodeId);
    return result;
  }

  async score(request: ScoreRequest): Promise<readonly number[]> {
    return valueOf(await this.policy.score([request]))[0] ?? [];
  }
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.failure.code}: ${outcome.failure.message}`);
  return outcome.value;
}

function codeOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? "ok" : outcome.failure.code;
}

const positionsOf = (prompt: readonly number[], action: readonly number[]): number[] =>
  action.map((_, i) => prompt.length + i);

function checkTokenizer(tokenizer: Tokenizer): void {
  const controlText = fc.constantFrom(
    "<eos>",
    "<bos>",
    "<pad>",
    "<end_of_turn>",
    "<start_of_turn>",
    "<|im_end|>",
    "</s>",
    "<unk>",
  );
  const anyText = fc.oneof(
    arbitraryText,
    fc.array(fc.oneof(controlText, arbitraryText)).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(anyText, (text) => {
      const tokens = tokenizer.encode(text);
      expect(tokens.some((token) => tokenizer.isControl(token))).toBe(false);
      expect(tokens.every((token) => Number.isInteger(token) && token >= 0 && token < tokenizer.vocabularySize)).toBe(
        true,
      );
    }),
    { numRuns: 300 },
  );
  const ordinary = fc.string({ unit: fc.constantFrom(...Array.from("aZ9 .,;-+%()[]<>/\n\tβé日😀")) });
  fc.assert(
    fc.property(ordinary, (text) => {
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    }),
    { numRuns: 300 },
  );
}

/** What every token policy promises. @param open makes the policy; the suite closes it */
export function describeTokenPolicy(name: string, open: () => Promise<PolicyUnderTest>): void {
  describe(`token policy: ${name}`, () => {
    let underTest: PolicyUnderTest;
    let player: Player;
    let policy: TokenPolicy;
    beforeAll(async () => {
      underTest = await open();
      policy = underTest.policy;
      player = new Player(policy);
    });
    afterAll(() => policy?.close());

    it("encodes any text without a control id, and ordinary text reversibly", () => checkTokenizer(policy.tokenizer));

    it("knows its control ids and leaves them out of texts", () => {
      const { tokenizer } = policy;
      const { special, endTokens } = tokenizer;
      for (const token of [special.beginOfSequence, special.endOfSequence, ...endTokens])
        expect(tokenizer.isControl(token)).toBe(true);
      expect(endTokens).toContain(special.endOfSequence);
      const framed = [special.beginOfSequence, ...tokenizer.encode("insulin"), special.endOfSequence];
      expect(tokenizer.decode(framed)).toBe("insulin");
      expect(tokenizer.sha256).toMatch(/^[0-9a-f]{64}$/);
    });

    it("gives every token a log-probability, and accounts for every token", async () => {
      const { tokens, logProbs, usage, policy: identity } = await player.play();
      expect(tokens.length).toBeGreaterThan(0);
      expect(logProbs).toHaveLength(tokens.length);
      expect(logProbs.every((logProb) => Number.isFinite(logProb) && logProb <= 1e-3)).toBe(true);
      expect(usage.sampledTokens).toBe(tokens.length);
      expect(usage.prefilledTokens + usage.cachedTokens).toBe(player.prompt.length);
      expect(identity).toEqual(policy.identity());
    });

    it("gives equal requests equal actions, and other seeds other actions", async () => {
      const first = await player.play({ seed: 5 });
      expect((await player.play({ seed: 5 })).tokens).toEqual(first.tokens);
      const others: string[] = [];
      for (let seed = 10; seed < 18; seed++) others.push(String((await player.play({ seed })).tokens));
      expect(new Set(others).size).toBeGreaterThan(1);
    });

    it("stops at the token limit", async () => {
      for (const maxTokens of [1, 3]) {
        const { tokens, stop } = await player.play({ maxTokens, temperature: 0 });
        expect(tokens).toHaveLength(maxTokens);
        expect(stop).toEqual({ type: "max-tokens" });
      }
    });

    it("stops at a text wherever it ends, and keeps the last token whole", async () => {
      const whole = await player.play({ temperature: 0, maxTokens: 12 });
      const text = policy.tokenizer.decode(whole.tokens);
      const stopText = text.slice(Math.floor(text.length / 2) - 1, Math.floor(text.length / 2) + 1);
      const { tokens, stop } = await player.play({
        temperature: 0,
        maxTokens: 12,
        stopTexts: ["\u0001 never", stopText],
      });
      expect(stop).toEqual({ type: "stop-text", text: stopText });
      expect(tokens).toEqual(whole.tokens.slice(0, tokens.length));
      expect(policy.tokenizer.decode(tokens)).toContain(stopText);
      expect(policy.tokenizer.decode(tokens.slice(0, -1))).not.toContain(stopText);
    });

    it("stops where its context is full", async () => {
      const filler = policy.tokenizer.encode(" a".repeat(2 * policy.contextTokens)).slice(0, policy.contextTokens);
      const full = await player.play({ tokens: filler });
      expect(full).toMatchObject({ tokens: [], logProbs: [], stop: { type: "context-full" } });
      const almost = await player.play({ tokens: filler.slice(0, -2), temperature: 0, maxTokens: 50 });
      expect(almost.tokens.length).toBeLessThanOrEqual(2);
      if (almost.tokens.length === 2 && almost.stop.type !== "end-token") expect(almost.stop.type).toBe("context-full");
    });

    it("goes on with an episode from what it has evaluated, as a fresh episode would", async () => {
      const request = player.request({ maxTokens: 4 });
      const first = await player.act(request);
      const observation = policy.tokenizer.encode(
        "\n<information>\n[1] The pancreas. It makes insulin.\n</information>\n",
      );
      const tokens = [...request.tokens, ...first.tokens, ...observation];
      const second = await player.act({ ...request, tokens, temperature: 0 });
      policy.release(request.episodeId);
      const cached = underTest.hidesCache === true ? 0 : request.tokens.length + first.tokens.length - 1;
      expect(second.usage.cachedTokens).toBeGreaterThanOrEqual(cached);
      expect(second.tokens).toEqual((await player.play({ tokens, temperature: 0, maxTokens: 4 })).tokens);
    });

    it("answers a context that does not extend the earlier one, too", async () => {
      const request = player.request({ temperature: 0 });
      await player.act(request);
      const tokens = [...request.tokens.slice(0, -4), ...policy.tokenizer.encode(" Or which cells?\n")];
      const changed = await player.act({ ...request, tokens });
      policy.release(request.episodeId);
      expect(changed.tokens).toEqual((await player.play({ tokens, temperature: 0 })).tokens);
    });

    it("scores what it sampled as it sampled it", async () => {
      const { logProbTolerance } = underTest;
      for (const temperature of [1, 0]) {
        const { tokens, logProbs } = await player.play({ temperature, maxTokens: 8 });
        const whole = [...player.prompt, ...tokens];
        const scores = await player.score({ tokens: whole, positions: positionsOf(player.prompt, tokens) });
        expect(scores).toHaveLength(tokens.length);
        scores.forEach((score, i) => expect(Math.abs(score - logProbs[i]!)).toBeLessThanOrEqual(logProbTolerance));
      }
    });

    it("scores any ascending positions, one list a request", async () => {
      const tokens = player.prompt;
      const every = await player.score({ tokens, positions: tokens.slice(1).map((_, i) => i + 1) });
      const outcome = await policy.score([
        { tokens, positions: [] },
        { tokens, positions: [1, 4] },
        { tokens, positions: [3] },
      ]);
      const [none, some, one] = valueOf(outcome);
      expect(none).toEqual([]);
      [
        [some?.[0], every[0]],
        [some?.[1], every[3]],
        [one?.[0], every[2]],
      ].forEach(([found, expected]) => {
        expect(Math.abs((found ?? NaN) - (expected ?? NaN))).toBeLessThanOrEqual(underTest.logProbTolerance);
      });
    });

    it("gives a group with a shared prefix the actions it would have without", async () => {
      const shared = player.prompt.concat(
        policy.tokenizer.encode("Insulin is a hormone that regulates glucose. ".repeat(4)),
      );
      const tails = ["It is made", "It acts on", "Its receptor"].map((text) => policy.tokenizer.encode(text));
      const act = (sharedPrefixLength: number): Promise<SampleResult[]> =>
        Promise.all(
          tails.map((tail) => player.play({ tokens: [...shared, ...tail], sharedPrefixLength, temperature: 0 })),
        );
      const alone = await act(0);
      const together = await act(shared.length);
      expect(together.map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens));
    });

    it("serves more episodes than it has slots, each over two turns", async () => {
      const playBoth = async (seed: number): Promise<number> => {
        const request = player.request({ seed, maxTokens: 2 });
        const first = await player.act(request);
        const second = await player.act({ ...request, tokens: [...request.tokens, ...first.tokens] });
        policy.release(request.episodeId);
        return first.tokens.length + second.tokens.length;
      };
      const counts = await Promise.all(Array.from({ length: 20 }, (_, seed) => playBoth(seed)));
      expect(counts.every((count) => count >= 2)).toBe(true);
    });

    it("resolves an aborted request as a failure, and frees the episode", async () => {
      const request = player.request({ maxTokens: 100 });
      expect(codeOf(await policy.sample(request, AbortSignal.abort()))).toBe("aborted");
      const controller = new AbortController();
      const pending = policy.sample(request, controller.signal);
      controller.abort();
      const outcome = await pending;
      expect(outcome).toMatchObject({ ok: false, failure: { boundary: "timeout", code: "aborted" } });
      expect(codeOf(await policy.score([{ tokens: player.prompt, positions: [1] }], AbortSignal.abort()))).toBe(
        "aborted",
      );
      expect((await player.play({ episodeId: request.episodeId })).tokens.length).toBeGreaterThan(0);
    });

    it("answers impossible requests with a failure that is not worth a retry", async () => {
      const { vocabularySize } = policy.tokenizer;
      for (const changes of [
        { tokens: [] },
        { tokens: [vocabularySize] },
        { maxTokens: 0 },
        { temperature: NaN },
        { seed: -1 },
      ]) {
        const outcome = await policy.sample(player.request(changes));
        expect(outcome, JSON.stringify(changes)).toMatchObject({
          ok: false,
          failure: { boundary: "policy", retryable: false },
        });
      }
      for (const positions of [[0], [player.prompt.length], [2, 1], [1, 1]]) {
        const outcome = await policy.score([{ tokens: player.prompt, positions }]);
        expect(outcome, String(positions)).toMatchObject({
          ok: false,
          failure: { boundary: "policy", retryable: false },
        });
      }
    });

    it("ignores the release of an unknown episode", () => expect(() => policy.release("nobody")).not.toThrow());

    it("counts what it does", async () => {
      const before = policy.metrics();
      const { usage } = await player.play();
      const after = policy.metrics();
      expect(after.sampledTokens - before.sampledTokens).toBe(usage.sampledTokens);
      expect(after.prefilledTokens - before.prefilledTokens).toBe(usage.prefilledTokens);
      expect(after.slotUse).toBeGreaterThan(0);
      expect(after.slotUse).toBeLessThanOrEqual(1);
      expect(after.restarts).toBe(0);
    });

    it("switches its adapter between episodes only, and says which one answered", async () => {
      const [one, two] = underTest.adapters;
      const live = player.request({ maxTokens: 1 });
      await player.act(live);
      const order: string[] = [];
      const swapped = policy.useAdapter(one).then(() => order.push("swapped"));
      const later = player
        .play({ maxTokens: 1 })
        .then(({ policy: identity }) => order.push(`version ${identity.version}`));
      const still = await player.act(live);
      expect(still.policy).toMatchObject({ version: 0, adapterSha256: null });
      order.push("released");
      policy.release(live.episodeId);
      await Promise.all([swapped, later]);
      expect(order).toEqual(["released", "swapped", "version 1"]);
      expect(policy.identity()).toMatchObject({ version: 1, adapterSha256: one.sha256 });
      await policy.useAdapter(two);
      expect((await player.play()).policy).toMatchObject({ version: 2, adapterSha256: two.sha256 });
      await policy.useAdapter(null);
      expect((await player.play()).policy).toMatchObject({ version: 0, adapterSha256: null });
    });

    it("answers with a failure after it was closed", async () => {
      const { prompt } = player;
      await policy.close();
      expect((await policy.sample(player.request())).ok).toBe(false);
      expect((await policy.score([{ tokens: prompt, positions: [1] }])).ok).toBe(false);
    });
  });
}
