import { once } from "node:events";
import type { Bm25Preset } from "@litmus/retrieval";
import { startServer } from "@litmus/server";
import { environment } from "../environment.ts";
import { createReporter } from "../output/create-reporter.ts";
import { cancellation } from "../wiring/cancellation.ts";
import { openIndexTarget, type IndexServerOptions } from "./index-server.ts";

export interface IndexServeOptions extends IndexServerOptions {
  readonly json: boolean;
  readonly from: "folder" | "elasticsearch" | "opensearch";
  readonly preset: Bm25Preset;
  readonly host: string;
  readonly port: number;
  readonly tokenVariable?: string | undefined;
  readonly contents: "clean" | "compat";
}

/** Searches under way when the server is asked to stop may take so long. */
const graceMs = 10_000;

/** `litmus index serve`: `POST /retrieve` over an index, until it is asked to stop. */
export async function indexServe(target: string, options: IndexServeOptions): Promise<void> {
  const reporter = createReporter(options.json);
  const stopping = cancellation(() => reporter.note("stopping; asked again, the server ends at once"));
  const { host, port, contents, tokenVariable } = options;
  const token = tokenVariable === undefined ? {} : { token: environment.named(tokenVariable, "--token-variable") };
  try {
    const retriever = await openIndexTarget(target, options);
    try {
      const server = await startServer({ retrieve: { retriever, contents }, host, port, ...token });
      const { address } = server;
      reporter.result(
        { type: "index-served", address, index: retriever.info },
        `${address}/retrieve searches ${retriever.info.documents} documents of ${retriever.info.name}`,
      );
      if (!stopping.signal.aborted) await once(stopping.signal, "abort");
      await server.close(graceMs);
    } finally {
      await retriever.close();
    }
  } finally {
    stopping.dispose();
    reporter.close();
  }
}
