/** @file The server's side of both wire forms. */
import { z } from "zod";
import { concat, lengthField, Message, varintField } from "../wire/protobuf.ts";
import { numberBytes, numbersOf } from "../wire/tensor-bytes.ts";
import { Refusal } from "./refusal.ts";

export interface PassDatum {
  readonly inputs: readonly number[];
  readonly targets: readonly number[];
  /** Null = left out: the server takes ones. */
  readonly weights: readonly number[] | null;
  readonly logProbs: readonly number[] | null;
  readonly advantages: readonly number[] | null;
}

export interface PassRequest {
  readonly modelId: string;
  /** Null = absent, as 0 is. */
  readonly sequence: number | null;
  readonly loss: string;
  readonly forwardOnly: boolean;
  readonly data: readonly PassDatum[];
}

/** A result before it is written. */
export type FakeResult =
  | { readonly type: "json"; readonly value: unknown }
  | { readonly type: "pass"; readonly logProbs: readonly (readonly number[])[] }
  | {
      readonly type: "sample";
      readonly tokens: readonly number[];
      readonly logProbs: readonly number[];
      readonly isCut: boolean;
    };

const tensor = z.object({
  data: z.array(z.number()),
  dtype: z.string().optional(),
  shape: z.array(z.int()).optional(),
});
const input = z.object({
  loss_fn: z.enum(["cross_entropy", "importance_sampling", "ppo", "cispo"]),
  loss_fn_config: z.null(),
  data: z.array(
    z.object({
      model_input: z.object({
        chunks: z.tuple([z.object({ type: z.literal("encoded_text"), tokens: z.array(z.int()) })]),
      }),
      loss_fn_inputs: z.object({
        target_tokens: tensor,
        weights: tensor.optional(),
        logprobs: tensor.optional(),
        advantages: tensor.optional(),
      }),
    }),
  ),
});
const pass = { model_id: z.string(), seq_id: z.int().optional() };

/** Bodies of `/forward` and `/forward_backward` in JSON. */
export const jsonPassBodies = {
  forward: z.object({ ...pass, forward_input: input }),
  forwardBackward: z.object({ ...pass, forward_backward_input: input }),
};

type JsonPassBody = z.infer<typeof jsonPassBodies.forward> | z.infer<typeof jsonPassBodies.forwardBackward>;

/** @throws Refusal 422 */
export function readJsonPass(body: JsonPassBody): PassRequest {
  const forwardOnly = "forward_input" in body;
  const { loss_fn: loss, data } = forwardOnly ? body.forward_input : body.forward_backward_input;
  const read = data.map(({ model_input: { chunks }, loss_fn_inputs: inputs }) => ({
    inputs: chunks[0].tokens,
    targets: inputs.target_tokens.data,
    weights: inputs.weights?.data ?? null,
    logProbs: inputs.logprobs?.data ?? null,
    advantages: inputs.advantages?.data ?? null,
  }));
  return checked({ modelId: body.model_id, sequence: body.seq_id || null, loss, forwardOnly, data: read });
}

/** @throws Refusal 422 */
export function readProtobufPass(bytes: Uint8Array): PassRequest {
  const message = new Message(bytes);
  return checked({
    modelId: message.text(1),
    sequence: message.number(2) || null,
    loss: message.text(4),
    forwardOnly: message.number(6) === 1,
    data: message.messages(3).map(readProtobufDatum),
  });
}

function readProtobufDatum(datum: Message): PassDatum {
  const text = datum.messages(1)[0]?.messages(1)[0];
  const columns = new Map(
    datum.messages(2).map((entry) => {
      const value = entry.messages(2)[0] as Message;
      return [
        entry.text(1),
        numbersOf(value.number(3) === 2 ? "int64" : "float32", value.bytes(1) ?? new Uint8Array()),
      ];
    }),
  );
  return {
    inputs: numbersOf("int32", text?.bytes(1) ?? new Uint8Array()),
    targets: columns.get("target_tokens") ?? [],
    weights: columns.get("weights") ?? null,
    logProbs: columns.get("logprobs") ?? null,
    advantages: columns.get("advantages") ?? null,
  };
}

function checked(request: PassRequest): PassRequest {
  for (const { inputs, targets, weights, logProbs, advantages } of request.data) {
    const columns = [targets, weights, logProbs, advantages];
    if (columns.some((column) => column !== null && column.length !== inputs.length)) {
      throw new Refusal(422, "every array has the length of the model input");
    }
  }
  return request;
}

/** A result in JSON. */
export function jsonResult(result: FakeResult): unknown {
  switch (result.type) {
    case "json":
      return result.value;
    case "pass": {
      const outputs = result.logProbs.map((data) => ({ logprobs: { data, dtype: "float32", shape: [data.length] } }));
      return { loss_fn_output_type: "scalar", loss_fn_outputs: outputs, metrics: {} };
    }
    case "sample": {
      const { tokens, logProbs, isCut } = result;
      const sequence = { stop_reason: isCut ? "length" : "stop", tokens, logprobs: logProbs };
      return { sequences: [sequence], prompt_logprobs: null, topk_prompt_logprobs: null };
    }
    default:
      return result satisfies never;
  }
}

/** A result in protobuf; null where it has no such form. */
export function protobufResult(result: FakeResult): Uint8Array | null {
  if (result.type === "json") return null;
  if (result.type === "pass")
    return concat([lengthField(1, "scalar"), lengthField(2, protobufRecord(result.logProbs))]);
  const { tokens, logProbs, isCut } = result;
  const sequence = [lengthField(2, numberBytes("int32", tokens)), lengthField(3, numberBytes("float32", logProbs))];
  return lengthField(1, concat([...(isCut ? [varintField(1, 1)] : []), ...sequence]));
}

/** All data in one field, cut at byte offsets. */
function protobufRecord(logProbs: readonly (readonly number[])[]): Uint8Array {
  const offsets = [0];
  for (const values of logProbs) offsets.push((offsets.at(-1) as number) + 4 * values.length);
  const batched = concat([
    lengthField(1, numberBytes("float32", logProbs.flat())),
    lengthField(2, numberBytes("int64", offsets)),
    varintField(3, 1),
  ]);
  const field = concat([lengthField(1, "logprobs"), lengthField(2, batched)]);
  return concat([lengthField(1, "d"), lengthField(2, field), varintField(3, logProbs.length)]);
}
