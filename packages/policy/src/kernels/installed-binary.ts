import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Where node-llama-cpp keeps what Litmus needs of it beside its API. */
export interface InstalledBinary {
  /** The native addon for this platform. */
  readonly addon: string;
  /** llama.cpp's source, as a git bundle of the very release. */
  readonly source: string;
}

/** Null on platforms whose CPU kernels are not a library of their own. */
export function installedBinary(): InstalledBinary | null {
  const { platform, arch } = process;
  if (platform !== "linux" || (arch !== "x64" && arch !== "arm64")) return null;
  const name = `linux-${arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve("node-llama-cpp");
    const binaryEntry = createRequire(entry).resolve(`@node-llama-cpp/${name}`);
    return {
      addon: join(dirname(binaryEntry), "..", "bins", name, "llama-addon.node"),
      source: join(dirname(entry), "..", "llama", "gitRelease.bundle"),
    };
  } catch {
    return null;
  }
}
