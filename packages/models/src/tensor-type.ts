/** How a tensor's elements are stored. */
export const tensorTypes = ["F32", "F16", "BF16", "Q8_0", "Q4_K", "Q5_0", "Q6_K"] as const;
export type TensorType = (typeof tensorTypes)[number];

/** Layout of one type: `id` is the file's, a block of `blockElements` takes `blockBytes`. */
export interface TensorLayout {
  readonly id: number;
  readonly blockElements: number;
  readonly blockBytes: number;
}

export const tensorLayouts: Readonly<Record<TensorType, TensorLayout>> = {
  F32: { id: 0, blockElements: 1, blockBytes: 4 },
  F16: { id: 1, blockElements: 1, blockBytes: 2 },
  Q5_0: { id: 6, blockElements: 32, blockBytes: 22 },
  Q8_0: { id: 8, blockElements: 32, blockBytes: 34 },
  Q4_K: { id: 12, blockElements: 256, blockBytes: 144 },
  Q6_K: { id: 14, blockElements: 256, blockBytes: 210 },
  BF16: { id: 30, blockElements: 1, blockBytes: 2 },
};

/** The type with this id, or undefined. */
export function tensorTypeOfId(id: number): TensorType | undefined {
  return tensorTypes.find((type) => tensorLayouts[type].id === id);
}

/** Bytes that `elements` values of a type take. `elements` must fill whole blocks. */
export function tensorBytes(type: TensorType, elements: number): number {
  const layout = tensorLayouts[type];
  return (elements / layout.blockElements) * layout.blockBytes;
}
