import type { Dimension, ElementType, OnnxAttribute, OnnxInitializer, OnnxNode, OnnxTensorInfo } from "./onnx-model.ts";
import { encodeOnnxModel } from "./onnx-model.ts";

/** Builds one ONNX graph node by node; every value is known by its name. */
export class GraphBuilder {
  readonly #name: string;
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers = new Map<string, OnnxInitializer>();
  readonly #inputs: OnnxTensorInfo[] = [];
  readonly #outputs: OnnxTensorInfo[] = [];
  /** Names of the values that sessions return. */
  readonly #renamed = new Map<string, string>();

  constructor(name: string) {
    this.#name = name;
  }

  input(name: string, shape: readonly Dimension[], elementType: ElementType = "float32"): string {
    this.#inputs.push({ name, elementType, shape });
    return name;
  }

  /** Adds a node and returns the name of its only output. */
  emit(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, OnnxAttribute>> = {}): string {
    const output = `value${this.#nodes.length}`;
    this.#nodes.push({ operator, inputs, output, attributes });
    return output;
  }

  /** Gives a value the name under which a session returns it. */
  output(name: string, value: string, shape: readonly Dimension[]): void {
    const isOwn = this.#nodes.some((node) => node.output === value) && !this.#renamed.has(value);
    // A rename costs nothing, a copy does: but an input, a constant or a value returned twice needs one.
    this.#renamed.set(isOwn ? value : this.emit("Identity", [value]), name);
    this.#outputs.push({ name, elementType: "float32", shape });
  }

  /** A constant vector of integers (shapes, axes); equal vectors share one constant. */
  integers(values: readonly number[]): string {
    const name = `integers_${values.join("_")}`;
    const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.#initializers.set(name, { name, elementType: "int64", shape: [values.length], data });
    return name;
  }

  /** A constant scalar; equal scalars share one constant. */
  scalar(value: number): string {
    const name = `scalar_${value}`;
    const data = new Uint8Array(Float32Array.of(value).buffer);
    this.#initializers.set(name, { name, elementType: "float32", shape: [], data });
    return name;
  }

  encode(): Uint8Array {
    return encodeOnnxModel({
      name: this.#name,
      nodes: this.#nodes.map((node) => this.#withNames(node)),
      initializers: [...this.#initializers.values()],
      inputs: this.#inputs,
      outputs: this.#outputs,
    });
  }

  #withNames(node: OnnxNode): OnnxNode {
    const nameOf = (value: string): string => this.#renamed.get(value) ?? value;
    return { ...node, inputs: node.inputs.map(nameOf), output: nameOf(node.output) };
  }
}
