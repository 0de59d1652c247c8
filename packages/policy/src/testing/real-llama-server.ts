import { freePort } from "@litmus/testing";
import { LlamaServerProcess } from "../llama-server/llama-server-process.ts";

/** Of `packages/testing/services/build-llama-server.mjs`; undefined where it was not built. */
export const llamaServerProgram = process.env["LITMUS_TEST_LLAMA_SERVER"];

export interface RealLlamaServer {
  readonly baseUrl: string;
  readonly pid: number;
  /** Ends it, and starts it at the same address with other adapters. */
  restart(adapters: readonly string[]): Promise<void>;
  end(): Promise<void>;
}

export interface RealLlamaServerSettings {
  readonly modelPath: string;
  readonly adapters?: readonly string[];
  /** Of each slot. */
  readonly contextTokens?: number;
  readonly slots?: number;
  readonly parameters?: readonly string[];
}

/** A `llama-server` on a free loopback port, as somebody else would start it. */
export async function startLlamaServer(settings: RealLlamaServerSettings): Promise<RealLlamaServer> {
  const { modelPath, contextTokens = 512, slots = 4, parameters = [] } = settings;
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const shape = ["--port", port, "--model", modelPath, "--parallel", slots, "--ctx-size", slots * contextTokens];
  // As in this process: on a CPU, flash attention sums in half precision.
  const fixed = ["--host", "127.0.0.1", "--threads", 1, "--flash-attn", "off", ...parameters];
  const start = async (adapters: readonly string[]): Promise<LlamaServerProcess> => {
    const given = adapters.length === 0 ? [] : ["--lora", adapters.join(",")];
    const all = [...shape, ...fixed, ...given].map(String);
    const started = new LlamaServerProcess(llamaServerProgram ?? "", all);
    const reason = await started.ready({ baseUrl, apiKey: "" });
    if (reason !== null) throw new Error(reason);
    return started;
  };
  let server = await start(settings.adapters ?? []);
  return {
    baseUrl,
    get pid() {
      return server.pid;
    },
    async restart(adapters) {
      await server.end();
      server = await start(adapters);
    },
    end: () => server.end(),
  };
}
