import { createRng, LitmusError, type Outcome, type SampleResult, type TokenPolicy } from "@litmus/core";
import { shape, type RolloutSpeed } from "./llama-bench.ts";

/** Below the special and byte tokens' ids there are none that end an action. */
const [firstToken, lastToken] = [1000, 200_000];

/** The same work as llama.cpp's benchmark, and a log-probability for every token, at temperature 1. */
export async function measureRollout(policy: TokenPolicy): Promise<RolloutSpeed[]> {
  const speeds: RolloutSpeed[] = [];
  for (const sequences of shape.sequences) speeds.push(await measureWhole(policy, sequences));
  return speeds;
}

const attempts = 5;

/** llama.cpp's benchmark never stops early: where an action ended before its length, other prompts are taken. */
async function measureWhole(policy: TokenPolicy, sequences: number): Promise<RolloutSpeed> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { speed, isWhole } = await measureSequences(policy, sequences, attempt);
    if (isWhole) return speed;
  }
  throw new LitmusError("invalid-data", `the model ended its actions early with each of ${attempts} sets of prompts`);
}

async function measureSequences(
  policy: TokenPolicy,
  sequences: number,
  attempt: number,
): Promise<{ speed: RolloutSpeed; isWhole: boolean }> {
  const rng = createRng(`rollout ${sequences} ${attempt}`);
  const episodes = Array.from({ length: sequences }, (_, index) => ({
    id: `bench ${index}`,
    tokens: Array.from({ length: shape.promptTokens }, () => firstToken + rng.integer(lastToken - firstToken)),
  }));
  const sampleAll = async (maxTokens: number): Promise<{ seconds: number; actions: (readonly number[])[] }> => {
    const start = performance.now();
    const outcomes = await Promise.all(
      episodes.map(({ id, tokens }, index) =>
        policy.sample({
          episodeId: id,
          tokens,
          sharedPrefixLength: 0,
          maxTokens,
          temperature: 1,
          seed: index,
          stopTexts: [],
        }),
      ),
    );
    return { seconds: (performance.now() - start) / 1000, actions: outcomes.map((outcome) => tokensOf(outcome)) };
  };
  const prefill = await sampleAll(1);
  for (const [index, episode] of episodes.entries()) episode.tokens.push(...(prefill.actions[index] ?? []));
  const decode = await sampleAll(shape.sampledTokens);
  for (const { id } of episodes) policy.release(id);
  return {
    speed: {
      sequences,
      prefill: (sequences * shape.promptTokens) / prefill.seconds,
      decode: (sequences * shape.sampledTokens) / decode.seconds,
    },
    isWhole: decode.actions.every((action) => action.length === shape.sampledTokens),
  };
}

function tokensOf(outcome: Outcome<SampleResult>): readonly number[] {
  if (outcome.ok) return outcome.value.tokens;
  throw new LitmusError("unavailable", `the sampler failed: ${outcome.failure.message}`);
}
