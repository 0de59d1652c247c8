/** @file Results in protobuf: `ForwardBackwardOutput` and `SampleResponse` of fixtures/tinker_public.proto. */
import { LitmusError } from "@litmus/core";
import type { ModelPassResult, SampledSequence } from "./model-pass.ts";
import { Message } from "./protobuf.ts";
import { numbersOf } from "./tensor-bytes.ts";

const dtypes = { float32: 1, int64: 2, int32: 3 } as const;

/** Fields by number. */
const output = { lossFnOutputs: 2 } as const;
const record = { fields: 2 } as const;
const entry = { key: 1, value: 2 } as const;
const batched = { data: 1, offsets: 2, dtype: 3 } as const;
const response = { sequences: 1 } as const;
const sequence = { stopReason: 1, tokens: 2, logProbs: 3 } as const;

/** @throws LitmusError `invalid-data` */
export function readProtobufPass(bytes: Uint8Array): ModelPassResult {
  return { logProbs: new Message(bytes).messages(output.lossFnOutputs).flatMap(logProbsOfRecord) };
}

/** A record holds several data: each field is one run of numbers, cut at byte offsets. */
function logProbsOfRecord(one: Message): number[][] {
  const field = one.messages(record.fields).find((candidate) => candidate.text(entry.key) === "logprobs");
  const tensor = field?.messages(entry.value)[0];
  if (tensor === undefined) throw invalid("a result has no log-probabilities");
  if (tensor.number(batched.dtype) !== dtypes.float32) throw invalid("log-probabilities are not of type float32");
  const data = tensor.bytes(batched.data) ?? new Uint8Array();
  const offsets = numbersOf("int64", tensor.bytes(batched.offsets) ?? new Uint8Array());
  return offsets.slice(1).map((end, i) => {
    const start = offsets[i] as number;
    if (start > end || end > data.length) throw invalid("the offsets of a result lie outside it");
    return numbersOf("float32", data.subarray(start, end));
  });
}

/** @throws LitmusError `invalid-data` */
export function readProtobufSample(bytes: Uint8Array): SampledSequence[] {
  return new Message(bytes).messages(response.sequences).map((one) => ({
    stopReason: one.number(sequence.stopReason) === 1 ? "length" : "stop",
    tokens: numbersOf("int32", one.bytes(sequence.tokens) ?? new Uint8Array()),
    logProbs: numbersOf("float32", one.bytes(sequence.logProbs) ?? new Uint8Array()),
  }));
}

const invalid = (what: string): LitmusError => new LitmusError("invalid-data", `the server's answer: ${what}`);
