import { deriveSeed } from "@litmus/core";
import type { Outcome, SampleRequest, TokenPolicy } from "@litmus/core";

/** The value of an outcome that must not be a failure. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.failure.code}: ${outcome.failure.message}`);
  return outcome.value;
}

/** `ok`, or the failure's code. */
export function codeOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? "ok" : outcome.failure.code;
}

let episodes = 0;

/** Asks for one token of an episode of its own, unless changed. */
export function requestFor(tokens: readonly number[], changes: Partial<SampleRequest> = {}): SampleRequest {
  const defaults = { sharedPrefixLength: 0, maxTokens: 1, temperature: 1, seed: 0, stopTexts: [] };
  return { episodeId: `episode ${episodes++}`, tokens, ...defaults, ...changes };
}

/** Log-probabilities of tokens after a context, teacher-forced. */
export async function distributionAfter(
  policy: TokenPolicy,
  context: readonly number[],
  tokens: readonly number[],
): Promise<number[]> {
  const requests = tokens.map((token) => ({ tokens: [...context, token], positions: [context.length] }));
  return valueOf(await policy.score(requests)).map(([logProb]) => logProb as number);
}

export interface DrawManyOptions {
  readonly draws: number;
  readonly temperature: number;
  /** Episodes that draw at once. */
  readonly players: number;
  /** Other seeds for every purpose. */
  readonly purpose?: string;
}

/** How often each token is drawn after a context: the same episodes ask again and again, so that only its last token is evaluated. */
export async function drawMany(
  policy: TokenPolicy,
  context: readonly number[],
  options: DrawManyOptions,
): Promise<number[]> {
  const { draws, temperature, players, purpose = "draw" } = options;
  const counts = Array.from({ length: policy.tokenizer.vocabularySize }, () => 0);
  const play = async (player: number): Promise<void> => {
    const episodeId = `player ${player}`;
    for (let i = player; i < draws; i += players) {
      const seed = deriveSeed(purpose, i);
      const { tokens } = valueOf(await policy.sample(requestFor(context, { episodeId, seed, temperature })));
      const [token] = tokens as [number];
      counts[token] = (counts[token] ?? 0) + 1;
    }
    policy.release(episodeId);
  };
  await Promise.all(Array.from({ length: players }, (_, player) => play(player)));
  return counts;
}
