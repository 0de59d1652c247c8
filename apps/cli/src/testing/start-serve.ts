import { startLitmus, type OutputLine, type Running } from "./run-litmus.ts";

/** A page that is served. */
export interface Served {
  /** Without the token. */
  readonly address: string;
  readonly token: string;
  readonly running: Running;
}

interface Setting {
  readonly environment: Readonly<Record<string, string>>;
  /** Besides `--port 0`. */
  readonly flags?: readonly string[];
}

/** `litmus serve` over a folder of runs, once it says where. */
export function startServe(folder: string, { environment, flags = ["--port", "0"] }: Setting): Promise<Served> {
  return new Promise((resolve, reject) => {
    const onLine = (line: OutputLine, running: Running): void => {
      if (line.type !== "serve-start") return;
      const { origin, hash } = new URL(String(line["address"]));
      resolve({ address: origin, token: hash.replace("#token=", ""), running });
    };
    const running = startLitmus(["serve", "--dir", folder, ...flags], { environment, onLine });
    void running.ended.then(({ stderr, lines }) => reject(new Error(`${stderr} ${JSON.stringify(lines)}`)));
  });
}

/** Ends it as Ctrl-C does. */
export async function stopServe({ running }: Served): Promise<number | null> {
  running.kill("SIGINT");
  return (await running.ended).exitCode;
}
