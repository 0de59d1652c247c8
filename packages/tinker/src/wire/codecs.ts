import { jsonType, protobufType } from "./codec.ts";
import type { Codec, ReceivedBody, WireForm } from "./codec.ts";
import { readJsonPass, readJsonSample } from "./json-results.ts";
import { lossInputs } from "./model-pass.ts";
import type { ModelPass, ModelPassResult, SampledSequence, WireDatum } from "./model-pass.ts";
import { writePass } from "./protobuf-request.ts";
import { readProtobufPass, readProtobufSample } from "./protobuf-results.ts";

const isProtobuf = ({ contentType }: ReceivedBody): boolean => contentType.includes("protobuf");

const decoders = {
  decodePass: (received: ReceivedBody): ModelPassResult =>
    isProtobuf(received) ? readProtobufPass(received.bytes) : readJsonPass(received.bytes),
  decodeSample: (received: ReceivedBody): readonly SampledSequence[] =>
    isProtobuf(received) ? readProtobufSample(received.bytes) : readJsonSample(received.bytes),
};

/** JSON bodies: `/forward` and `/forward_backward` are two routes. */
const jsonCodec: Codec = {
  ...decoders,
  form: "json",
  accept: jsonType,
  encodePass: (pass) => ({
    path: pass.forwardOnly ? "/forward" : "/forward_backward",
    contentType: jsonType,
    body: JSON.stringify(jsonPass(pass)),
  }),
};

/** Protobuf bodies: one route, with a flag for a pass that only reads. */
const protobufCodec: Codec = {
  ...decoders,
  form: "protobuf",
  accept: protobufType,
  encodePass: (pass) => ({ path: "/forward_backward", contentType: protobufType, body: writePass(pass) }),
};

export const codecs: Readonly<Record<WireForm, Codec>> = { json: jsonCodec, protobuf: protobufCodec };

function jsonPass(pass: ModelPass): unknown {
  const input = { loss_fn: pass.loss, loss_fn_config: null, data: pass.data.map(jsonDatum) };
  return {
    model_id: pass.modelId,
    seq_id: pass.sequence,
    [pass.forwardOnly ? "forward_input" : "forward_backward_input"]: input,
  };
}

function jsonDatum(datum: WireDatum): unknown {
  const tensors = lossInputs(datum).map(([name, dtype, data]) => [name, { data, dtype, shape: [data.length] }]);
  return {
    model_input: { chunks: [{ type: "encoded_text", tokens: datum.inputs }] },
    loss_fn_inputs: Object.fromEntries(tensors),
  };
}
