/** @file Publishing and sampling. A draw depends on its seed and the weights alone. */
import { createRng, deriveSeed } from "@litmus/core";
import type { z } from "zod";
import { copyState } from "./fake-optimizer.ts";
import type { ServerState } from "./fake-state.ts";
import type { FakeResult } from "./fake-wire.ts";
import { Refusal } from "./refusal.ts";
import type { bodies } from "./request-bodies.ts";
import { pending } from "./training-routes.ts";

type SampleBody = z.infer<typeof bodies.sample>;

/** With a session's number the save is ephemeral, whatever path comes along. */
export function saveForSampler(server: ServerState, body: z.infer<typeof bodies.saveForSampler>): unknown {
  const { model_id: id, path: name, sampling_session_seq_id: number, seq_id: sequence } = body;
  const model = server.model(id);
  const isEphemeral = number !== undefined && sequence !== undefined;
  if (!isEphemeral && name === undefined) throw new Refusal(400, "a path or a sampling session is needed");
  const samplingSession = isEphemeral ? server.id("sampling") : null;
  if (samplingSession !== null) {
    server.samplingSessions.set(samplingSession, { modelId: id, state: copyState(model.state) });
  }
  model.isTouched = true;
  const path = isEphemeral ? null : `tinker://${id}/${name}`;
  const value = { path, type: "save_weights_for_sampler", sampling_session_id: samplingSession };
  return pending(server.submit(() => ({ type: "json", value })));
}

/** As skyrl on JAX does, the published weights are loaded into the model's training slot first. */
export function sample(server: ServerState, body: SampleBody): unknown {
  const published = server.samplingSessions.get(body.sampling_session_id);
  if (published === undefined) throw new Refusal(404, "Sampling session not found");
  const model = server.model(published.modelId);
  return pending(
    server.submit(() => {
      model.state = { ...model.state, adapter: copyState(published.state).adapter };
      return draw(server, model.state.adapter, body);
    }),
  );
}

function draw(
  server: ServerState,
  adapter: Parameters<ServerState["policy"]["next"]>[0],
  body: SampleBody,
): FakeResult {
  const { max_tokens: maxTokens, temperature, seed, stop } = body.sampling_params;
  const context = [...body.prompt.chunks[0].tokens];
  const tokens: number[] = [];
  const logProbs: number[] = [];
  while (tokens.length < maxTokens) {
    const distribution = server.policy.next(adapter, [...context, ...tokens]);
    const token =
      temperature === 0 ? mostLikely(distribution) : drawToken(distribution, deriveSeed(seed, tokens.length));
    tokens.push(token);
    logProbs.push((distribution[token] as number) + server.options.samplerShiftNats);
    if (isStop(server, tokens, stop)) return { type: "sample", tokens, logProbs, isCut: false };
  }
  return { type: "sample", tokens, logProbs, isCut: true };
}

function isStop(server: ServerState, tokens: readonly number[], stop: readonly (string | number)[]): boolean {
  const text = server.options.tokenizer.decode(tokens);
  return stop.some((one) => (typeof one === "string" ? text.includes(one) : one === tokens.at(-1)));
}

const mostLikely = (distribution: Float64Array): number => distribution.indexOf(Math.max(...distribution));

/** At temperature 1, the only one besides 0 that the client asks for. */
function drawToken(distribution: Float64Array, seed: number): number {
  let rest = createRng(seed).uniform();
  const token = distribution.findIndex((logProb) => (rest -= Math.exp(logProb)) < 0);
  return token < 0 ? distribution.length - 1 : token;
}
