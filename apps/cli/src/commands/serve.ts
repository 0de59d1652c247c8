import { once } from "node:events";
import { environment } from "../environment.ts";
import { createReporter } from "../output/create-reporter.ts";
import { cancellation } from "../wiring/cancellation.ts";
import { servePage } from "../wiring/serving/serve-page.ts";

export interface ServeOptions {
  readonly dir: string;
  readonly store?: string | undefined;
  readonly host: string;
  readonly port?: number | undefined;
  readonly tokenVariable?: string | undefined;
  readonly json: boolean;
}

/** `litmus serve`: the page over a folder's runs, or over a Postgres store's, until it is asked to stop. */
export async function serve(options: ServeOptions): Promise<void> {
  const reporter = createReporter(options.json);
  const stopping = cancellation(() => reporter.note("stopping"));
  const { dir, store, host, port, tokenVariable } = options;
  const token = tokenVariable === undefined ? null : environment.named(tokenVariable, "--token-variable");
  try {
    await using served = await servePage({ dir, store, host, port, token, reporter });
    reporter.result(
      { type: "serve-start", address: served.address, dir },
      `${served.address}\nCtrl-C stops it; for research only, never for clinical advice`,
    );
    if (!stopping.signal.aborted) await once(stopping.signal, "abort");
  } finally {
    stopping.dispose();
    reporter.close();
  }
}
