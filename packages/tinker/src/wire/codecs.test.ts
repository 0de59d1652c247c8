import { readFileSync } from "node:fs";
import { LitmusError } from "@litmus/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codecs } from "./codecs.ts";
import type { ModelPass } from "./model-pass.ts";
import { Message, varintField } from "./protobuf.ts";
import { numberBytes, numbersOf } from "./tensor-bytes.ts";

/** Bytes of Google's own encoder: fixtures/make-protobuf-golden.py. */
const golden = JSON.parse(
  readFileSync(new URL("../../fixtures/protobuf-golden.json", import.meta.url), "utf8"),
) as Record<"forwardBackward" | "forward" | "output" | "sample" | "nan", string>;
const bytesOf = (name: keyof typeof golden): Uint8Array => new Uint8Array(Buffer.from(golden[name], "hex"));
const protobuf = (bytes: Uint8Array) => ({ contentType: "application/x-protobuf", bytes });
const json = (text: string) => ({ contentType: "application/json", bytes: new TextEncoder().encode(text) });

const pass: ModelPass = {
  modelId: "model_ab12cd34",
  sequence: 300,
  loss: "importance_sampling",
  forwardOnly: false,
  data: [
    {
      inputs: [1, 2, 3, 4, 262143],
      targets: [2, 3, 4, 262143, 6],
      weights: [0, 0, 1, 1, 1],
      logProbs: [0, 0, -0.5, -1.25, -0.125],
      advantages: [0, 0, 0.75, 0.75, -3],
    },
  ],
};

const codeOf = (call: () => unknown): string => {
  try {
    call();
    return "returned";
  } catch (error) {
    return LitmusError.isInstance(error) ? error.code : "untyped";
  }
};

describe("the protobuf form", () => {
  it("writes requests byte by byte as Google's encoder does", () => {
    const { path, contentType, body } = codecs.protobuf.encodePass(pass);
    expect([path, contentType]).toEqual(["/forward_backward", "application/x-protobuf"]);
    expect(Buffer.from(body).toString("hex")).toBe(golden.forwardBackward);
    const forward = codecs.protobuf.encodePass({ ...pass, forwardOnly: true });
    expect(forward.path).toBe("/forward_backward");
    expect(Buffer.from(forward.body).toString("hex")).toBe(golden.forward);
  });

  it("reads a result of two sequences that lie in one record", () => {
    expect(codecs.protobuf.decodePass(protobuf(bytesOf("output")))).toEqual({
      logProbs: [
        [-0.5, -1.25, -2],
        [-4, -8],
      ],
    });
  });

  it("reads samples", () => {
    expect(codecs.protobuf.decodeSample(protobuf(bytesOf("sample")))).toEqual([
      { stopReason: "stop", tokens: [7, 262143], logProbs: [-0.5, -2] },
      { stopReason: "length", tokens: [9], logProbs: [-0.25] },
    ]);
  });

  it("keeps NaN as NaN", () => {
    expect(codecs.protobuf.decodePass(protobuf(bytesOf("nan"))).logProbs).toEqual([[-1, NaN]]);
  });

  it("never reads a part of a result that is cut off, and refuses what is no message", () => {
    const whole = bytesOf("output");
    const [complete, empty] = [codecs.protobuf.decodePass(protobuf(whole)), { logProbs: [] }];
    let refused = 0;
    for (let length = 1; length < whole.length; length++) {
      const read = () => codecs.protobuf.decodePass(protobuf(whole.subarray(0, length)));
      // A cut between two fields is a whole message: the result is there or it is not, never a part of it.
      if (codeOf(read) === "returned") expect([complete, empty]).toContainEqual(read());
      else refused += 1;
    }
    expect(refused).toBeGreaterThan(whole.length / 2);
    expect(codeOf(() => new Message(Uint8Array.of(0x0b)))).toBe("invalid-data");
    expect(codeOf(() => new Message(Uint8Array.from({ length: 12 }, () => 0x80)))).toBe("invalid-data");
  });

  it("keeps integers of any size, and numbers at any place of a buffer", () => {
    fc.assert(
      fc.property(fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }), (value) => {
        expect(new Message(varintField(5, value)).number(5)).toBe(value);
        expect(numbersOf("int64", numberBytes("int64", [value]))).toEqual([value]);
      }),
    );
    const shifted = new Uint8Array(9);
    shifted.set(numberBytes("float32", [0.5, -8]), 1);
    expect(numbersOf("float32", shifted.subarray(1))).toEqual([0.5, -8]);
    expect(codeOf(() => numbersOf("float32", shifted))).toBe("invalid-data");
  });
});

describe("the JSON form", () => {
  it("writes the body of the API's description", () => {
    const { path, body } = codecs.json.encodePass({ ...pass, sequence: 1 });
    expect(path).toBe("/forward_backward");
    expect(JSON.parse(String(body))).toEqual({
      model_id: "model_ab12cd34",
      seq_id: 1,
      forward_backward_input: {
        loss_fn: "importance_sampling",
        loss_fn_config: null,
        data: [
          {
            model_input: { chunks: [{ type: "encoded_text", tokens: [1, 2, 3, 4, 262143] }] },
            loss_fn_inputs: {
              target_tokens: { data: [2, 3, 4, 262143, 6], dtype: "int64", shape: [5] },
              weights: { data: [0, 0, 1, 1, 1], dtype: "float32", shape: [5] },
              logprobs: { data: [0, 0, -0.5, -1.25, -0.125], dtype: "float32", shape: [5] },
              advantages: { data: [0, 0, 0.75, 0.75, -3], dtype: "float32", shape: [5] },
            },
          },
        ],
      },
    });
  });

  it("asks another route for a pass that only reads, without what it does not read", () => {
    const data = [{ inputs: [1], targets: [2], weights: [1], logProbs: null, advantages: null }];
    const { path, body } = codecs.json.encodePass({ ...pass, loss: "cross_entropy", forwardOnly: true, data });
    expect(path).toBe("/forward");
    expect(Object.keys(JSON.parse(String(body)).forward_input.data[0].loss_fn_inputs)).toEqual([
      "target_tokens",
      "weights",
    ]);
  });

  it("reads results, whatever else they hold", () => {
    const text = `{"loss_fn_output_type":"scalar","loss_fn_outputs":[{"elementwise_loss":{"data":[1]},
      "logprobs":{"data":[-0.5,-1],"dtype":"float32","shape":[2]}}],"metrics":{}}`;
    expect(codecs.json.decodePass(json(text))).toEqual({ logProbs: [[-0.5, -1]] });
    const sample = `{"sequences":[{"stop_reason":"length","tokens":[3],"logprobs":[-1]}],"prompt_logprobs":null}`;
    expect(codecs.json.decodeSample(json(sample))).toEqual([{ stopReason: "length", tokens: [3], logProbs: [-1] }]);
  });

  it("refuses NaN with a hint, and other forms by name", () => {
    const nan = json(`{"loss_fn_outputs":[{"logprobs":{"data":[NaN]}}]}`);
    expect(() => codecs.json.decodePass(nan)).toThrow(
      expect.objectContaining({ code: "invalid-data", hint: expect.stringContaining("NaN") }),
    );
    expect(() => codecs.json.decodePass(json(`{"outputs":[]}`))).toThrow(/another form.*loss_fn_outputs/s);
    expect(
      codeOf(() => codecs.json.decodeSample(json(`{"sequences":[{"stop_reason":"eos","tokens":[],"logprobs":[]}]}`))),
    ).toBe("invalid-data");
  });

  it("reads a result by its content type, as a server may answer in either form", () => {
    expect(codecs.json.decodeSample(protobuf(bytesOf("sample")))).toHaveLength(2);
    expect(codecs.protobuf.decodePass(json(`{"loss_fn_outputs":[]}`))).toEqual({ logProbs: [] });
  });
});
