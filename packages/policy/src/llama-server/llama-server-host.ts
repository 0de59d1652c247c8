import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail, LitmusError, succeed } from "@litmus/core";
import type { Outcome } from "@litmus/core";
import { engineFailure } from "../openai-compatible/engine-failure.ts";
import { closedFailure } from "../openai-compatible/engine-http.ts";
import type { EngineHost } from "../openai-compatible/engine-host.ts";
import type { ResolvedLlamaServerOptions } from "./llama-server-options.ts";
import { LlamaServerProcess } from "./llama-server-process.ts";
import type { ServerAddress } from "./llama-server-process.ts";

/** Keeps one `llama-server` on a port of its own: another one for every adapter, and again when it has ended. */
export class LlamaServerHost implements EngineHost {
  /** Nobody else's requests are answered, and no other server that took the port is believed. */
  readonly address: ServerAddress;
  readonly #options: ResolvedLlamaServerOptions;
  readonly #folder: string;
  #process: LlamaServerProcess;
  #adapterPath: string | null = null;
  #starting: Promise<Outcome<void>> | null = null;
  #restarts = 0;
  #isClosed = false;

  private constructor(options: ResolvedLlamaServerOptions, address: ServerAddress, folder: string) {
    this.address = address;
    this.#options = options;
    this.#folder = folder;
    this.#process = this.#launch(null);
  }

  /** @throws LitmusError `unavailable` when the server does not start */
  static async start(options: ResolvedLlamaServerOptions): Promise<LlamaServerHost> {
    const address = { baseUrl: `http://127.0.0.1:${await freePort()}`, apiKey: randomUUID() };
    const folder = await mkdtemp(join(tmpdir(), "litmus-llama-server-"));
    await writeFile(keyFileIn(folder), address.apiKey, { mode: 0o600 });
    const host = new LlamaServerHost(options, address, folder);
    const reason = await host.#process.ready(address);
    if (reason === null) return host;
    await host.close();
    throw new LitmusError("unavailable", `${options.program} does not start with ${options.modelPath}: ${reason}`, {
      hint: "check the program's path, that the model fits in memory, and what the program says above",
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  get restarts(): number {
    return this.#restarts;
  }

  running(): Promise<Outcome<void>> {
    if (this.#isClosed) return Promise.resolve(succeed(undefined));
    if (this.#starting !== null) return this.#starting;
    if (!this.#process.hasExited) return Promise.resolve(succeed(undefined));
    this.#restarts++;
    return this.#whileStarting(this.#replace(this.#adapterPath));
  }

  async restart(adapterPath: string | null): Promise<Outcome<void>> {
    await this.#starting;
    return this.#whileStarting(this.#switch(adapterPath));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#process.end();
    await this.#starting;
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Who needs the server meanwhile waits for it. */
  #whileStarting(started: Promise<Outcome<void>>): Promise<Outcome<void>> {
    this.#starting = started.finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  async #switch(adapterPath: string | null): Promise<Outcome<void>> {
    const replaced = await this.#replace(adapterPath);
    if (replaced.ok) this.#adapterPath = adapterPath;
    // Whether this one starts shows when it is asked.
    else await this.#replace(this.#adapterPath);
    return replaced;
  }

  async #replace(adapterPath: string | null): Promise<Outcome<void>> {
    await this.#process.end();
    if (this.#isClosed) return fail(closedFailure);
    const next = this.#launch(adapterPath);
    this.#process = next;
    const reason = await next.ready(this.address);
    // Closed meanwhile: the process that was ended then was the one before.
    if (this.#isClosed) await next.end();
    if (reason === null) return succeed(undefined);
    await next.end();
    const loading = adapterPath === null ? "" : ` with the adapter ${adapterPath}`;
    return fail(engineFailure("engine-not-started", `${this.#options.program} does not start${loading}: ${reason}`));
  }

  #launch(adapterPath: string | null): LlamaServerProcess {
    const { program, modelPath, slots, contextTokens, threads, gpuLayers } = this.#options;
    const { hostname, port } = new URL(this.address.baseUrl);
    const settings = {
      "--host": hostname,
      "--port": port,
      "--api-key-file": keyFileIn(this.#folder),
      "--model": modelPath,
      "--parallel": slots,
      "--ctx-size": slots * contextTokens,
      "--threads": threads,
      "--n-gpu-layers": gpuLayers,
      // On a CPU it sums in half precision.
      "--flash-attn": gpuLayers === 0 ? "off" : "auto",
      // It keeps contexts of all adapters alike, and takes one's for another's.
      "--cache-ram": 0,
      ...(adapterPath === null ? {} : { "--lora": quoted(adapterPath) }),
    };
    return new LlamaServerProcess(program, Object.entries(settings).flat().map(String));
  }
}

const keyFileIn = (folder: string): string => join(folder, "key");

/** The server reads paths as a row of CSV. */
const quoted = (path: string): string => `"${path.replaceAll('"', '""')}"`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
