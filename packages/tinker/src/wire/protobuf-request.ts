/** @file `ForwardBackwardRequest` of fixtures/tinker_public.proto. */
import { lossInputs } from "./model-pass.ts";
import type { ModelPass, WireDatum } from "./model-pass.ts";
import { concat, lengthField, varint, varintField } from "./protobuf.ts";
import { numberBytes } from "./tensor-bytes.ts";

const dtypes = { float32: 1, int64: 2 } as const;

/** Fields by number. */
const request = { modelId: 1, sequence: 2, data: 3, loss: 4, forwardOnly: 6 } as const;
const datumFields = { modelInput: 1, lossInputs: 2 } as const;
const chunk = { encodedText: 1 } as const;
const encodedText = { tokens: 1 } as const;
const entry = { key: 1, value: 2 } as const;
const tensor = { dense: 1, dtype: 3, shape: 4 } as const;

/** The body of a model pass. Fields that are false are left out, as proto3 asks. */
export function writePass(pass: ModelPass): Uint8Array {
  return concat([
    lengthField(request.modelId, pass.modelId),
    varintField(request.sequence, pass.sequence),
    ...pass.data.map((datum) => lengthField(request.data, writeDatum(datum))),
    lengthField(request.loss, pass.loss),
    ...(pass.forwardOnly ? [varintField(request.forwardOnly, 1)] : []),
  ]);
}

function writeDatum(datum: WireDatum): Uint8Array {
  const text = lengthField(encodedText.tokens, numberBytes("int32", datum.inputs));
  return concat([
    lengthField(datumFields.modelInput, lengthField(chunk.encodedText, text)),
    ...lossInputs(datum).map(([name, type, values]) =>
      lengthField(
        datumFields.lossInputs,
        concat([lengthField(entry.key, name), lengthField(entry.value, writeTensor(type, values))]),
      ),
    ),
  ]);
}

function writeTensor(type: "int64" | "float32", values: readonly number[]): Uint8Array {
  return concat([
    lengthField(tensor.dense, numberBytes(type, values)),
    varintField(tensor.dtype, dtypes[type]),
    lengthField(tensor.shape, varint(values.length)),
  ]);
}
