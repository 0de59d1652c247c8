import { emptyF32Tensor, f32Tensor } from "./session.ts";
import type { F32Tensor } from "./session.ts";

/** Buffers that take turns: whoever asks under a name gets the same memory, so that row lengths do not add up. */
export class SharedBuffers {
  readonly #largest = new Map<string, Float32Array>();

  /** A tensor over the memory of that name; memory is shared when the largest shape comes first. */
  tensor(name: string, shape: readonly number[]): F32Tensor {
    const size = shape.reduce((product, axis) => product * axis, 1);
    const existing = this.#largest.get(name);
    if (existing !== undefined && existing.length >= size) return f32Tensor(existing.subarray(0, size), shape);
    const tensor = emptyF32Tensor(shape);
    this.#largest.set(name, tensor.data);
    return tensor;
  }
}
