import { createJsonReporter } from "./json-reporter.ts";
import type { Reporter } from "./reporter.ts";
import { createTerminalReporter } from "./terminal-reporter.ts";

/**
 * The reporter that the command's `--json` flag asks for.
 * @param told what stdout holds then: the result alone, or each event of a run as well
 */
export function createReporter(json: boolean, told: "result" | "events" = "result"): Reporter {
  const out = (text: string): void => void process.stdout.write(text);
  const people = createTerminalReporter({ side: process.stderr, out, now: () => performance.now() });
  if (!json) return people;
  const lines = createJsonReporter(out);
  return told === "events" ? lines : { ...people, result: (line, text) => lines.result(line, text) };
}
