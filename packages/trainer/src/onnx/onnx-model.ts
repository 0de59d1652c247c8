/** @file The part of the ONNX model format that the trainer writes. Field numbers: onnx.proto3 of ONNX 1.16 (IR version 8, operator set 18). */
import { ProtobufMessage } from "./protobuf.ts";

/** Element types of ONNX tensors that occur here. */
export const elementTypes = { float32: 1, int64: 7 } as const;
export type ElementType = keyof typeof elementTypes;

/** A size, or the name of one that differs from run to run. */
export type Dimension = number | string;

export interface OnnxTensorInfo {
  readonly name: string;
  readonly elementType: ElementType;
  readonly shape: readonly Dimension[];
}

export interface OnnxInitializer extends OnnxTensorInfo {
  readonly shape: readonly number[];
  /** Little-endian elements. */
  readonly data: Uint8Array;
}

/** Integer, or list of integers. */
export type OnnxAttribute = number | readonly number[];

export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  readonly inputs: readonly OnnxTensorInfo[];
  readonly outputs: readonly OnnxTensorInfo[];
}

const irVersion = 8;
const operatorSetVersion = 18;
const attributeKinds = { integer: 2, integers: 7 } as const;

/** Encodes a graph as the bytes of an ONNX ModelProto. */
export function encodeOnnxModel(graph: OnnxGraph): Uint8Array {
  return new ProtobufMessage()
    .integer(1, irVersion)
    .message(7, encodeGraph(graph))
    .message(8, new ProtobufMessage().text(1, "").integer(2, operatorSetVersion))
    .encode();
}

function encodeGraph(graph: OnnxGraph): ProtobufMessage {
  const message = new ProtobufMessage();
  for (const node of graph.nodes) message.message(1, encodeNode(node));
  message.text(2, graph.name);
  for (const initializer of graph.initializers) message.message(5, encodeInitializer(initializer));
  for (const input of graph.inputs) message.message(11, encodeTensorInfo(input));
  for (const output of graph.outputs) message.message(12, encodeTensorInfo(output));
  return message;
}

function encodeNode(node: OnnxNode): ProtobufMessage {
  const message = new ProtobufMessage();
  for (const input of node.inputs) message.text(1, input);
  message.text(2, node.output).text(4, node.operator);
  for (const [name, value] of Object.entries(node.attributes)) message.message(5, encodeAttribute(name, value));
  return message;
}

function encodeAttribute(name: string, value: OnnxAttribute): ProtobufMessage {
  const message = new ProtobufMessage().text(1, name);
  if (typeof value === "number") return message.integer(3, value).integer(20, attributeKinds.integer);
  for (const item of value) message.integer(8, item);
  return message.integer(20, attributeKinds.integers);
}

function encodeInitializer(initializer: OnnxInitializer): ProtobufMessage {
  const message = new ProtobufMessage();
  for (const size of initializer.shape) message.integer(1, size);
  return message.integer(2, elementTypes[initializer.elementType]).text(8, initializer.name).bytes(9, initializer.data);
}

function encodeTensorInfo(info: OnnxTensorInfo): ProtobufMessage {
  const shape = new ProtobufMessage();
  for (const size of info.shape) shape.message(1, encodeDimension(size));
  const tensor = new ProtobufMessage().integer(1, elementTypes[info.elementType]).message(2, shape);
  return new ProtobufMessage().text(1, info.name).message(2, new ProtobufMessage().message(1, tensor));
}

function encodeDimension(size: Dimension): ProtobufMessage {
  return typeof size === "number" ? new ProtobufMessage().integer(1, size) : new ProtobufMessage().text(2, size);
}
