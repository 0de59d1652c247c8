import { createJsonReporter } from "./json-reporter.ts";
import type { Reporter } from "./reporter.ts";
import { createTerminalReporter } from "./terminal-reporter.ts";

/** The reporter that the command's `--json` flag asks for. */
export function createReporter(json: boolean): Reporter {
  const out = (text: string): void => void process.stdout.write(text);
  return json
    ? createJsonReporter(out)
    : createTerminalReporter({ side: process.stderr, out, now: () => performance.now() });
}
