import { createRequire } from "node:module";
import { LitmusError } from "@litmus/core";
import { installedBinary } from "./installed-binary.ts";

/** The part of the addon that chooses libraries. */
interface BackendLoader {
  loadBackends(folder: string): void;
  /** Null as long as no library with kernels is loaded; false for one of the CPU. */
  getGpuType(): string | false | null | undefined;
}

/**
 * Loads the kernels of a folder of {@link buildKernels} into this process. node-llama-cpp keeps kernels that are there when it
 * starts: call it before anything else of llama.cpp.
 * @throws LitmusError `incompatible` when they do not load
 */
export function loadKernels(folder: string): void {
  const binary = installedBinary();
  const addon = binary === null ? null : (createRequire(import.meta.url)(binary.addon) as Partial<BackendLoader>);
  addon?.loadBackends?.(folder);
  if (addon?.getGpuType?.() === false) return;
  throw new LitmusError("incompatible", `the kernels in ${folder} do not load`, {
    path: folder,
    hint: "remove the folder, so that they are built again, or set policy.kernels to prebuilt",
  });
}
