import { onTestFinished } from "vitest";
import { startLitmus, type OutputLine, type Running } from "./run-litmus.ts";

/** A run under way. */
export interface Training {
  readonly running: Running;
  /** Of the page that it serves, without the token. */
  readonly address: string;
  readonly token: string;
  /** Resolves with the first event that it tells of. */
  readonly told: (is: (line: OutputLine) => boolean) => Promise<OutputLine>;
}

interface Setting {
  readonly config: string;
  /** Folder of the runs. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** `litmus train`, once it says where its page is. It is killed when the test ends. */
export function startTraining({ config, folder, environment }: Setting): Promise<Training> {
  const lines: OutputLine[] = [];
  const waiting = new Set<{ is: (line: OutputLine) => boolean; resolve: (line: OutputLine) => void }>();
  const told: Training["told"] = (is) => {
    const { promise, resolve } = Promise.withResolvers<OutputLine>();
    const found = lines.find(is);
    if (found !== undefined) resolve(found);
    else waiting.add({ is, resolve });
    return promise;
  };
  return new Promise((resolve, reject) => {
    const running = startLitmus(["train", config, "--dir", folder], {
      environment,
      onLine: (line, started) => {
        lines.push(line);
        for (const each of waiting) if (each.is(line)) each.resolve(line);
        if (line.type !== "run-start") return;
        const { origin, hash } = new URL(String(line["address"]));
        resolve({ running: started, address: origin, token: hash.replace("#token=", ""), told });
      },
    });
    onTestFinished(() => running.kill("SIGKILL"));
    void running.ended.then(({ stderr }) => reject(new Error(stderr)));
  });
}
