import { describe, expect, it } from "vitest";
import { compileGraph, emptyF32Tensor, f32Tensor } from "../engine/session.ts";
import { GraphBuilder } from "./graph-builder.ts";
import { ProtobufMessage } from "./protobuf.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("ProtobufMessage", () => {
  it("encodes the examples of the protobuf documentation", () => {
    expect(hex(new ProtobufMessage().integer(1, 150).encode())).toBe("089601");
    expect(hex(new ProtobufMessage().text(2, "testing").encode())).toBe("120774657374696e67");
    expect(hex(new ProtobufMessage().message(3, new ProtobufMessage().integer(1, 150)).encode())).toBe("1a03089601");
  });

  it("encodes negative and large integers as int64 does", () => {
    expect(hex(new ProtobufMessage().integer(1, -2).encode())).toBe("08feffffffffffffffff01");
    expect(hex(new ProtobufMessage().integer(1, 2n ** 40n).encode())).toBe("08808080808020");
  });
});

describe("GraphBuilder", () => {
  it("writes models that ONNX Runtime takes: constants, attributes, free dimensions, two outputs", async () => {
    const builder = new GraphBuilder("test");
    const input = builder.input("input", ["rows", 2]);
    const scaled = builder.emit("Mul", [input, builder.scalar(-0.5)]);
    builder.output("scaled", scaled, ["rows", 2]);
    builder.output(
      "sums",
      builder.emit("ReduceSum", [builder.emit("Transpose", [scaled], { perm: [1, 0] }), builder.integers([0])], {
        keepdims: 1,
      }),
      [1, "rows"],
    );
    const graph = await compileGraph(builder.encode(), { threads: 1 });
    for (const rows of [1, 3]) {
      const [scaledTensor, sums] = [emptyF32Tensor([rows, 2]), emptyF32Tensor([1, rows])];
      const values = Float32Array.from({ length: rows * 2 }, (_, i) => i);
      await graph.run({ input: f32Tensor(values, [rows, 2]) }, { scaled: scaledTensor, sums });
      expect(scaledTensor.data).toEqual(values.map((value) => value * -0.5));
      expect(sums.data).toEqual(Float32Array.from({ length: rows }, (_, row) => -0.5 * (4 * row + 1)));
    }
    await graph.dispose();
  });
});
