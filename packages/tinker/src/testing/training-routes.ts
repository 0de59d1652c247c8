/** @file Models: made, loaded, trained, saved, unloaded. Each answers with the number of a result. */
import type { z } from "zod";
import { FakeModel } from "./fake-model.ts";
import { copyState, freshState } from "./fake-optimizer.ts";
import type { PassRequest, FakeResult } from "./fake-wire.ts";
import type { ServerState } from "./fake-state.ts";
import { Refusal } from "./refusal.ts";
import type { bodies } from "./request-bodies.ts";
import { freshAdapter } from "./tiny-policy.ts";

type Body<Name extends keyof typeof bodies> = z.infer<(typeof bodies)[Name]>;

const json = (value: unknown): FakeResult => ({ type: "json", value });
export const pending = (requestId: string): unknown => ({
  future_id: requestId,
  status: "pending",
  request_id: requestId,
});

/** A wrong base, rank or number of models is accepted here, and fails when the result is fetched. */
export function createModel(server: ServerState, body: Body<"createModel">): unknown {
  if (!server.sessions.has(body.session_id)) throw new Refusal(404, "Session not found");
  const { baseModel, maxRank, maxModels, tokenizer } = server.options;
  const { rank, seed = 0 } = body.lora_config;
  const id = server.id("model");
  const requestId = server.submit(() => {
    if (body.base_model !== baseModel) throw new Refusal(400, `base model ${body.base_model} is not served`);
    if (rank < 1 || rank > maxRank) throw new Refusal(400, `rank ${rank} is above ${maxRank}`);
    if (server.models.size >= maxModels) throw new Refusal(400, `all ${maxModels} adapters are in use`);
    const state = freshState(freshAdapter(tokenizer.vocabularySize, rank, seed));
    const { policy, traits } = server;
    server.models.set(id, new FakeModel({ id, sessionId: body.session_id, policy, traits, state }));
    server.trainingRuns.push(id);
    return json({ model_id: id });
  });
  const { base_model, lora_config } = body;
  return { model_id: id, base_model, lora_config, status: "created", request_id: requestId };
}

export function modelPass(server: ServerState, request: PassRequest): unknown {
  const model = server.model(request.modelId);
  const body = JSON.stringify(request);
  return once(server, model, { sequence: request.sequence, body }, () => ({
    type: "pass",
    logProbs: model.pass(request),
  }));
}

export function optimStep(server: ServerState, request: Body<"optimStep">): unknown {
  const model = server.model(request.model_id);
  const { grad_clip_norm: clipNorm = null, ...params } = request.adam_params;
  const call = { sequence: request.seq_id || null, body: JSON.stringify(request) };
  return once(server, model, call, () => {
    const norm = model.step(params, server.traits.clipsGradient ? clipNorm : null);
    return json({ metrics: { "skyrl.ai/grad_norm": norm, "skyrl.ai/learning_rate": params.learning_rate } });
  });
}

/** The protobuf form answers a repeated number with the first result; the JSON form carries it out again. */
function once(
  server: ServerState,
  model: FakeModel,
  { sequence, body }: { readonly sequence: number | null; readonly body: string },
  call: () => FakeResult,
): unknown {
  const before = sequence === null ? undefined : model.answered.get(sequence);
  if (server.options.form === "protobuf" && before !== undefined) {
    if (before.body !== body) throw new Refusal(409, `seq_id ${sequence} was used with another body`);
    return pending(before.requestId);
  }
  const requestId = server.submit(call);
  if (sequence !== null) model.answered.set(sequence, { body, requestId });
  return pending(requestId);
}

export function saveWeights(server: ServerState, { model_id: id, path: name }: Body<"saveWeights">): unknown {
  const path = `tinker://${id}/weights/${name}`;
  const model = server.model(id);
  if (server.checkpoints.has(path)) throw new Refusal(409, `checkpoint ${name} exists`);
  server.checkpoints.set(path, copyState(model.state));
  return pending(server.submit(() => json({ path, type: "save_weights" })));
}

export function loadWeights(server: ServerState, body: Body<"loadWeights">): unknown {
  const model = server.model(body.model_id);
  const saved = server.checkpoints.get(body.path);
  if (saved === undefined) throw new Refusal(404, `Checkpoint not found: ${body.path}`);
  return pending(
    server.submit(() => {
      if (model.isTouched) throw new Refusal(400, "weights are loaded by a new model's first request only");
      const whole = body.optimizer || !server.traits.loadsWithoutOptimizer;
      model.state = whole ? copyState(saved) : freshState(copyState(saved).adapter);
      model.isTouched = true;
      return json({ path: body.path, type: "load_weights" });
    }),
  );
}

export function unloadModel(server: ServerState, { model_id: id }: Body<"unloadModel">): unknown {
  server.model(id);
  return pending(
    server.submit(() => {
      server.models.delete(id);
      return json({ model_id: id, type: "unload_model" });
    }),
  );
}
