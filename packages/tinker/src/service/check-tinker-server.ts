import { klEstimate } from "@litmus/algorithms";
import { createRng, LitmusError, toLitmusError } from "@litmus/core";
import { SamplerModel } from "../policy/sampler-model.ts";
import { checkTinkerLora } from "../trainer/check-settings.ts";
import { atPositions, toWireDatum } from "../wire/shift-tokens.ts";
import { probeReduction } from "./probe-reduction.ts";
import { RemoteModel } from "./remote-model.ts";
import type { RemoteLora } from "./remote-model.ts";
import { StateModels } from "./state-models.ts";
import { connectionOf } from "./tinker-service.ts";
import type { Connection, TinkerService } from "./tinker-service.ts";

/** What a run needs of its server. */
export interface TinkerNeeds {
  readonly lora: RemoteLora;
  /**
   * Models held at once: the sampler's, the trainer's, the sampler's successor while versions change, the reference's. From 1: a
   * run that trains nothing needs the sampler's alone, and how losses are added up is then not tried.
   */
  readonly models: number;
  /** Largest mean divergence of sampling and scoring, nats a token. */
  readonly maxKlNats: number;
}

/** What was found. */
export interface TinkerCheck {
  /** Mean divergence of sampling and scoring, nats a token. */
  readonly klNats: number;
  readonly sampledTokens: number;
}

const draws = 4;
const maxTokens = 32;

/**
 * Tries, on models that are discarded afterwards, whether a server can do what a run asks of it: hold its models at once, score
 * what it samples as it sampled it, and, where there is a model to train, add up losses as its name promises. Trains nothing.
 * @throws LitmusError `incompatible` for the first that it cannot; `invalid-config`; `unavailable`
 */
export async function checkTinkerServer(service: TinkerService, needs: TinkerNeeds): Promise<TinkerCheck> {
  checkTinkerLora(needs.lora);
  const connection = connectionOf(service);
  await using closing = new AsyncDisposableStack();
  const sampler = await SamplerModel.open(connection, new StateModels(connection, needs.lora), null).catch(
    (error: unknown) => refuse(error, 1, needs),
  );
  closing.defer(() => sampler.close());
  const models = await openOthers(connection, needs, closing);
  const found = await compareScores(sampler, needs.maxKlNats);
  if (models[0] !== undefined) await probeReduction(models[0], connection.traits);
  return found;
}

async function openOthers(
  connection: Connection,
  needs: TinkerNeeds,
  closing: AsyncDisposableStack,
): Promise<RemoteModel[]> {
  const models: RemoteModel[] = [];
  while (models.length < needs.models - 1) {
    const model = await RemoteModel.open(connection, needs.lora, null).catch((error: unknown) =>
      refuse(error, models.length + 2, needs),
    );
    closing.defer(() => model.discard());
    models.push(model);
  }
  return models;
}

function refuse(cause: unknown, number: number, { models, lora }: TinkerNeeds): never {
  const error = toLitmusError(cause);
  if (error.retryable) throw error;
  const message = `the Tinker server refused model ${number} of the ${models} that a run needs at once: ${error.message}`;
  throw new LitmusError("incompatible", message, {
    path: "trainer",
    hint: `start it with room for ${models} adapters of rank ${lora.rank}`,
    cause,
  });
}

async function compareScores(sampler: SamplerModel, maxKlNats: number): Promise<TinkerCheck> {
  // Ids that every vocabulary has: nothing of the model need be here yet.
  const rng = createRng("tinker probe");
  const prompts = Array.from({ length: draws }, () => Array.from({ length: 16 }, () => 65 + rng.integer(128)));
  const actions = await Promise.all(
    prompts.map((tokens, seed) => sampler.draw({ tokens, maxTokens, temperature: 1, seed, stop: [] })),
  );
  const sequences = prompts.map((prompt, i) => {
    const sampled = actions[i]?.tokens ?? [];
    return { tokens: [...prompt, ...sampled], positions: sampled.map((_, at) => prompt.length + at) };
  });
  const scored = sequences.filter(({ positions }) => positions.length > 0);
  if (scored.length === 0) {
    throw new LitmusError("incompatible", `the Tinker server sampled no token in ${draws} actions`, {
      path: "trainer",
    });
  }
  const scores = await sampler.score(scored.map((sequence) => toWireDatum(sequence)));
  const { klNats, tokens } = klEstimate(
    actions.map(({ logProbs }) => logProbs).filter((logProbs) => logProbs.length > 0),
    scored.map((sequence, i) => atPositions(sequence, scores[i] ?? [])),
  );
  if (klNats <= maxKlNats) return { klNats, sampledTokens: tokens };
  throw new LitmusError(
    "incompatible",
    `the Tinker server scores what it samples as another policy's: KL ${klNats.toExponential(2)} nats a token is above ${maxKlNats}`,
    {
      path: "limits.samplerTrainerKl",
      hint: "its sampler and its trainer must hold the same weights in the same precision",
    },
  );
}
