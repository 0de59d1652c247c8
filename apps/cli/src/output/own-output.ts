import { toLitmusError } from "@litmus/core";
import { exitCodes } from "../exit-code.ts";

/** @file What this process says arrives whole, unless nobody reads it any more. */

const outputs = [process.stdout, process.stderr] as const;

/** Codes of a pipe whose reader has gone, as `head` does. */
const closed = new Set(["EPIPE", "ECONNRESET", "ERR_STREAM_DESTROYED"]);

/** From now on the command goes on without those who have stopped reading, and ends when an output cannot be written. */
export function outliveReaders(): void {
  for (const output of outputs) output.on("error", endUnlessClosed);
}

/** Resolves when all that was said has been taken, or nobody is there to take it. A pipe takes 64 KiB at a time. */
export async function outputTaken(): Promise<void> {
  await Promise.all(
    outputs.map(
      (output) =>
        new Promise<void>((resolve) =>
          output.write("", (error) => {
            if (error) endUnlessClosed(error);
            resolve();
          }),
        ),
    ),
  );
}

function endUnlessClosed(cause: Error): void {
  if ("code" in cause && closed.has(String(cause.code))) return;
  const { code, message } = toLitmusError(cause);
  process.stderr.write(
    `litmus: the output cannot be written: ${message}\n  what to do: send it elsewhere, or make room\n`,
  );
  process.exit(exitCodes[code]);
}
