import { InferenceSession, Tensor } from "onnxruntime-node";

/** A tensor whose bytes this process owns and reuses. */
export type F32Tensor = Tensor & { readonly data: Float32Array };

export function f32Tensor(data: Float32Array, shape: readonly number[]): F32Tensor {
  return new Tensor("float32", data, shape) as F32Tensor;
}

export function emptyF32Tensor(shape: readonly number[]): F32Tensor {
  return f32Tensor(new Float32Array(shape.reduce((product, size) => product * size, 1)), shape);
}

export interface SessionSettings {
  /** Threads within one operator. */
  readonly threads: number;
}

export type Feeds = Readonly<Record<string, Tensor>>;

/** One compiled graph. Inputs and outputs are the caller's tensors: a run copies neither. */
export interface CompiledGraph {
  run(inputs: Feeds, outputs: Feeds): Promise<void>;
  dispose(): Promise<void>;
}

/** Compiles an ONNX model for the CPU. Threads spin between the operators of a run, and sleep after it: the sampler shares the cores. */
export async function compileGraph(model: Uint8Array, settings: SessionSettings): Promise<CompiledGraph> {
  const session = await InferenceSession.create(model, {
    executionProviders: ["cpu"],
    intraOpNumThreads: settings.threads,
    interOpNumThreads: 1,
    enableCpuMemArena: true,
    extra: {
      session: { force_spinning_stop: "1", intra_op: { allow_spinning: "1" }, inter_op: { allow_spinning: "0" } },
    },
  });
  return {
    run: async (inputs, outputs) => {
      await session.run(inputs, outputs);
    },
    dispose: () => session.release(),
  };
}
