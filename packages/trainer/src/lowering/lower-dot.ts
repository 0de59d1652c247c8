import type { GraphBuilder } from "../onnx/graph-builder.ts";
import type { View, ViewAxis } from "./view.ts";
import { broadcastTensor, materialize, materializeCompact, repeated, shapeOf, sizeOf } from "./view.ts";

const isReal = (axis: ViewAxis): boolean => axis.source !== null && axis.size > 1;

/** Which axes of a dot occur in both operands (batch), in the left only (rows), in the right only (columns). */
interface DotAxes {
  readonly batch: readonly number[];
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/**
 * Lowers jax-js's `dot`, which multiplies with broadcasting and sums the last axis, to a matrix product.
 * Operands that contract over an axis only one of them has become a product and a sum.
 */
export function lowerDot(builder: GraphBuilder, left: View, right: View, shape: readonly number[]): View {
  const rank = shape.length + 1;
  const [a, b] = [padded(left, rank), padded(right, rank)];
  const last = rank - 1;
  const isContraction = isReal(a.axes[last] as ViewAxis) && isReal(b.axes[last] as ViewAxis);
  return isContraction ? matrixProduct(builder, a, b) : productAndSum(builder, a, b);
}

function padded(view: View, rank: number): View {
  const missing = Array.from({ length: rank - view.axes.length }, () => repeated(1));
  return { ...view, axes: [...missing, ...view.axes] };
}

function classify(a: View, b: View): DotAxes {
  const axes = a.axes
    .slice(0, -1)
    .map((axis, index) => ({ index, left: isReal(axis), right: isReal(b.axes[index] as ViewAxis) }));
  return {
    batch: axes.filter((axis) => axis.left && axis.right).map((axis) => axis.index),
    rows: axes.filter((axis) => axis.left && !axis.right).map((axis) => axis.index),
    columns: axes.filter((axis) => !axis.left && axis.right).map((axis) => axis.index),
  };
}

function matrixProduct(builder: GraphBuilder, a: View, b: View): View {
  const { batch, rows, columns } = classify(a, b);
  const contracted = a.axes.length - 1;
  const sizes = (view: View, axes: readonly number[]): number[] =>
    axes.map((axis) => (view.axes[axis] as ViewAxis).size);
  const [batchShape, rowShape, columnShape] = [sizes(a, batch), sizes(a, rows), sizes(b, columns)];
  const depth = (a.axes[contracted] as ViewAxis).size;
  const leftMatrix = arranged(builder, a, [...batch, ...rows, contracted], [...batchShape, sizeOf(rowShape), depth]);
  const rightMatrix = arranged(
    builder,
    b,
    [...batch, contracted, ...columns],
    [...batchShape, depth, sizeOf(columnShape)],
  );
  let product = builder.emit("MatMul", [leftMatrix, rightMatrix]);
  const productShape = [...batchShape, ...rowShape, ...columnShape];
  if (rows.length !== 1 || columns.length !== 1)
    product = builder.emit("Reshape", [product, builder.integers(productShape)]);
  const order = [...batch, ...rows, ...columns];
  const axes = a.axes.slice(0, -1).map((axis, index) => {
    const source = order.indexOf(index);
    const size = Math.max(axis.size, (b.axes[index] as ViewAxis).size);
    return source < 0 ? repeated(size) : { source, size };
  });
  return { tensor: product, tensorShape: productShape, axes };
}

function arranged(builder: GraphBuilder, view: View, order: readonly number[], shape: readonly number[]): string {
  const tensor = materialize(builder, { ...view, axes: order.map((axis) => view.axes[axis] as ViewAxis) });
  return order.length === shape.length ? tensor : builder.emit("Reshape", [tensor, builder.integers(shape)]);
}

function productAndSum(builder: GraphBuilder, a: View, b: View): View {
  const last = a.axes.length - 1;
  const product = builder.emit("Mul", [materializeCompact(builder, a), materializeCompact(builder, b)]);
  const fullShape = shapeOf(a).map((size, axis) => Math.max(size, (b.axes[axis] as ViewAxis).size));
  const compact = a.axes.map((axis, index) =>
    isReal(axis) || isReal(b.axes[index] as ViewAxis) ? (fullShape[index] as number) : 1,
  );
  const isSummed = (compact[last] as number) > 1;
  const total = isSummed
    ? builder.emit("ReduceSum", [product, builder.integers([last])], { keepdims: 0 })
    : scaledWithoutLastAxis(builder, product, compact, fullShape[last] as number);
  return broadcastTensor(total, compact.slice(0, -1), fullShape.slice(0, -1));
}

/** A sum over a repeated value is a multiplication by the count. */
function scaledWithoutLastAxis(
  builder: GraphBuilder,
  product: string,
  compact: readonly number[],
  count: number,
): string {
  const scaled = builder.emit("Mul", [product, builder.scalar(count)]);
  return builder.emit("Reshape", [scaled, builder.integers(compact.slice(0, -1))]);
}
