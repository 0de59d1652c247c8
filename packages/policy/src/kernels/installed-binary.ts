import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Where node-llama-cpp keeps what Litmus needs of it beside its API. */
export interface InstalledBinary {
  /** The native addon for this platform. */
  readonly addon: string;
  /** llama.cpp's library beside it. */
  readonly llama: string;
  /** llama.cpp's source, as a git bundle of the very release. */
  readonly source: string;
  /** Folders of headers: of the addon, of the C++ binding to Node that it uses, and of Node itself. */
  readonly headers: { readonly addon: string; readonly nodeAddonApi: string; readonly nodeApi: string };
}

/** Null on platforms whose CPU kernels are not a library of their own. */
export function installedBinary(): InstalledBinary | null {
  const { platform, arch } = process;
  if (platform !== "linux" || (arch !== "x64" && arch !== "arm64")) return null;
  const name = `linux-${arch}`;
  const require = createRequire(import.meta.url);
  try {
    const entry = require.resolve("node-llama-cpp");
    const inner = createRequire(entry);
    const binaries = join(dirname(inner.resolve(`@node-llama-cpp/${name}`)), "..", "bins", name);
    const library = readdirSync(binaries).find((file) => /^libllama\.(v.*\.)?so$/.test(file));
    if (library === undefined) return null;
    const shipped = join(dirname(entry), "..", "llama");
    return {
      addon: join(binaries, "llama-addon.node"),
      llama: join(binaries, library),
      source: join(shipped, "gitRelease.bundle"),
      headers: {
        addon: join(shipped, "addon"),
        nodeAddonApi: dirname(inner.resolve("node-addon-api")),
        nodeApi: join(dirname(require.resolve("node-api-headers")), "include"),
      },
    };
  } catch {
    return null;
  }
}
