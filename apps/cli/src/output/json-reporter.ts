import type { Reporter } from "./reporter.ts";

/** `--json` of a run: one line an event on stdout; nothing else. */
export function createJsonReporter(write: (line: string) => void): Reporter {
  const print = (value: unknown): void => write(`${JSON.stringify(value)}\n`);
  let shown = "";
  return {
    progress: (label, done, total) => {
      const step = `${label} ${total === null || total === 0 ? "" : Math.floor((10 * done) / total)}`;
      if (step === shown) return;
      shown = step;
      print({ type: "progress", label, done, total });
    },
    note: (text) => print({ type: "note", text }),
    event: (event) => {
      if (event.type === "rollouts-progress" && event.done !== event.total) return;
      print(event);
    },
    result: (line) => print(line),
    close: () => {},
  };
}
