import { createRequire } from "node:module";
import { join } from "node:path";
import { LitmusError } from "@litmus/core";
import type { NativeContext } from "../native-context.ts";
import { drawLibrary } from "./build-kernels.ts";
import { installedBinary } from "./installed-binary.ts";

/** The part of the addon that chooses libraries. */
interface BackendLoader {
  loadBackends(folder: string): void;
  /** Null as long as no library with kernels is loaded; false for one of the CPU. */
  getGpuType(): string | false | null | undefined;
}

/** What kernels bring: see project/draw.cpp. */
export interface Kernels {
  draw(
    context: NativeContext,
    output: number,
    temperature: number,
    uniform: number,
    wanted: number,
  ): Promise<readonly [token: number, logProb: number]>;
}

/**
 * Loads the kernels of a folder of {@link buildKernels} into this process. node-llama-cpp keeps kernels that are there when it
 * starts: call it before anything else of llama.cpp.
 * @throws LitmusError `incompatible` when they do not load
 */
export function loadKernels(folder: string): Kernels {
  const require = createRequire(import.meta.url);
  const refused = (cause?: unknown): LitmusError =>
    new LitmusError("incompatible", `the kernels in ${folder} do not load`, {
      path: folder,
      hint: "remove the folder, so that they are built again, or set policy.kernels to prebuilt",
      cause,
    });
  const binary = installedBinary();
  if (binary === null) throw refused();
  const addon = require(binary.addon) as Partial<BackendLoader>;
  addon.loadBackends?.(folder);
  if (addon.getGpuType?.() !== false) throw refused();
  try {
    return require(join(folder, drawLibrary)) as Kernels;
  } catch (cause) {
    throw refused(cause);
  }
}
