import { spawn } from "node:child_process";
import { LitmusError } from "@litmus/core";

/** How a command ended; `exitCode` is null when it could not be started. */
export interface CommandResult {
  readonly exitCode: number | null;
  /** The last of what it wrote to standard error. */
  readonly errorText: string;
}

const keptCharacters = 2000;

/** Runs a command without a shell and without input. @throws LitmusError `interrupted` when the signal aborts it */
export async function runCommand(command: readonly string[], signal: AbortSignal | undefined): Promise<CommandResult> {
  const [program = "", ...args] = command;
  return new Promise((resolve, reject) => {
    let errorText = "";
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], ...(signal && { signal }) });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      errorText = (errorText + text).slice(-keptCharacters);
    });
    child.on("error", (error) => {
      if (signal?.aborted === true)
        reject(new LitmusError("interrupted", `${program} was interrupted`, { cause: error }));
      else resolve({ exitCode: null, errorText: error.message });
    });
    child.on("close", (exitCode) => resolve({ exitCode, errorText: errorText.trim() }));
  });
}
