import { LitmusError, toLitmusError } from "@litmus/core";
import { exitCodes } from "./exit-code.ts";
import { outliveReaders, outputTaken } from "./output/own-output.ts";

/**
 * Does the work of this process and ends it, with the exit code of its failure if it has one. A failure is told in one message
 * that says what, where and what to do.
 * @param asJson whether it is told on stdout as well
 */
export async function runToEnd(work: () => Promise<unknown>, asJson: boolean): Promise<void> {
  outliveReaders();
  endWithLauncher();
  try {
    await work();
  } catch (cause) {
    process.exitCode = report(cause, asJson);
  }
  await outputTaken();
  // Native parts may keep handles open; everything of worth is on disk by now.
  process.exit();
}

/** When the launcher is killed its channel closes, and this process must not live on with the runs folder in hand. */
function endWithLauncher(): void {
  if (process.channel === undefined) return;
  process.on("disconnect", () => process.exit(137));
  process.channel?.unref?.();
}

function report(cause: unknown, asJson: boolean): number {
  const usage = usageExitCode(cause);
  if (usage === 0) return 0;
  if (usage !== null) {
    if (asJson) printError(new LitmusError("invalid-input", (cause as Error).message, { hint: "litmus --help" }));
    return usage;
  }
  const error = toLitmusError(cause);
  const hint = error.hint === undefined ? "" : `\n  what to do: ${error.hint}`;
  process.stderr.write(`litmus: ${error.message}${hint}\n`);
  if (error.code === "bug" && error.cause instanceof Error) process.stderr.write(`${error.cause.stack ?? ""}\n`);
  if (asJson) printError(error);
  return exitCodes[error.code];
}

function printError(error: LitmusError): void {
  process.stdout.write(`${JSON.stringify({ type: "error", ...error.toJSON() })}\n`);
}

/** Commander prints its own message; help and version are no errors. */
function usageExitCode(cause: unknown): number | null {
  if (!(cause instanceof Error) || !("code" in cause) || !String(cause.code).startsWith("commander.")) return null;
  return "exitCode" in cause && cause.exitCode === 0 ? 0 : exitCodes["invalid-input"];
}
