import type { ModelPass, ModelPassResult, SampledSequence } from "./model-pass.ts";

/** A request as it is sent. */
export interface EncodedBody {
  readonly path: string;
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

/** A result as it arrived. */
export interface ReceivedBody {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export const jsonType = "application/json";
export const protobufType = "application/x-protobuf";

/** Which form of the API a server speaks: `json` is skyrl 0.3, `protobuf` is skyrl 0.4. */
export type WireForm = "json" | "protobuf";

/** One form of the API. Results are read by the content type that they carry, so either codec may meet either. */
export interface Codec {
  readonly form: WireForm;
  /** Content type asked for when a result is retrieved. */
  readonly accept: string;
  encodePass(pass: ModelPass): EncodedBody;
  /** @throws LitmusError `invalid-data` when the bytes are no such result */
  decodePass(received: ReceivedBody): ModelPassResult;
  /** @throws LitmusError `invalid-data` when the bytes are no such result */
  decodeSample(received: ReceivedBody): readonly SampledSequence[];
}
