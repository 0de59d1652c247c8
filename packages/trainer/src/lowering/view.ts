/** @file Transposes, broadcasts and size-1 reshapes are kept as views, so that a matrix product sees the tensor beneath them. */
import type { GraphBuilder } from "../onnx/graph-builder.ts";

/** One axis of a view: an axis of the tensor beneath, or a broadcast. */
export interface ViewAxis {
  /** Axis of the tensor; null when the axis repeats one value. */
  readonly source: number | null;
  readonly size: number;
}

/** A tensor seen through a permutation and broadcasts of its axes. Tensor axes that no view axis names have size 1. */
export interface View {
  readonly tensor: string;
  readonly tensorShape: readonly number[];
  readonly axes: readonly ViewAxis[];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

export const shapeOf = (view: View): number[] => view.axes.map((axis) => axis.size);

export const repeated = (size: number): ViewAxis => ({ source: null, size });

/** The plain view of a whole tensor. */
export function wholeTensor(tensor: string, shape: readonly number[]): View {
  return { tensor, tensorShape: shape, axes: shape.map((size, source) => ({ source, size })) };
}

/** The view of a tensor whose axes of size 1 stand for the broadcast axes of `shape`. */
export function broadcastTensor(tensor: string, tensorShape: readonly number[], shape: readonly number[]): View {
  const axes = shape.map((size, axis) => (tensorShape[axis] === size ? { source: axis, size } : repeated(size)));
  return { tensor, tensorShape, axes };
}

/** Makes the view a tensor, but leaves broadcast axes at size 1. */
export function materializeCompact(builder: GraphBuilder, view: View): string {
  const used = view.axes.flatMap((axis) => (axis.source === null ? [] : [axis.source]));
  const dropped = view.tensorShape.map((_, axis) => axis).filter((axis) => !used.includes(axis));
  const permutation = [...dropped, ...used];
  let tensor = view.tensor;
  if (permutation.some((source, axis) => source !== axis))
    tensor = builder.emit("Transpose", [tensor], { perm: permutation });
  const permuted = permutation.map((axis) => view.tensorShape[axis]);
  const compact = view.axes.map((axis) => (axis.source === null ? 1 : axis.size));
  const isSame = permuted.length === compact.length && permuted.every((size, axis) => size === compact[axis]);
  return isSame ? tensor : builder.emit("Reshape", [tensor, builder.integers(compact)]);
}

/** Makes the view a tensor of its full shape. */
export function materialize(builder: GraphBuilder, view: View): string {
  const tensor = materializeCompact(builder, view);
  const isFull = view.axes.every((axis) => axis.source !== null || axis.size === 1);
  return isFull ? tensor : builder.emit("Expand", [tensor, builder.integers(shapeOf(view))]);
}

/** Reshapes; a reshape that only adds or drops axes of size 1 stays a view. */
export function reshapeView(builder: GraphBuilder, view: View, shape: readonly number[]): View {
  const before = view.axes.filter((axis) => axis.size !== 1);
  const after = shape.filter((size) => size !== 1);
  if (before.length === after.length && before.every((axis, index) => axis.size === after[index])) {
    let next = 0;
    return { ...view, axes: shape.map((size) => (size === 1 ? repeated(1) : (before[next++] as ViewAxis))) };
  }
  const reshaped = builder.emit("Reshape", [materialize(builder, view), builder.integers(shape)]);
  return wholeTensor(reshaped, shape);
}

/** Takes [first, end) of every axis. */
export function sliceView(builder: GraphBuilder, view: View, ranges: readonly (readonly [number, number])[]): View {
  const cuts = view.axes.flatMap(({ source, size }, axis) => {
    const [first, end] = ranges[axis] as readonly [number, number];
    return source === null || end - first === size ? [] : [{ source, first, end }];
  });
  const axes = view.axes.map(({ source }, axis) => {
    const [first, end] = ranges[axis] as readonly [number, number];
    return { source, size: end - first };
  });
  if (cuts.length === 0) return { ...view, axes };
  const [starts, ends, sources] = [
    builder.integers(cuts.map((cut) => cut.first)),
    builder.integers(cuts.map((cut) => cut.end)),
    builder.integers(cuts.map((cut) => cut.source)),
  ];
  const tensorShape = view.tensorShape.map((size, source) => {
    const cut = cuts.find((one) => one.source === source);
    return cut === undefined ? size : cut.end - cut.first;
  });
  return { tensor: builder.emit("Slice", [view.tensor, starts, ends, sources]), tensorShape, axes };
}
