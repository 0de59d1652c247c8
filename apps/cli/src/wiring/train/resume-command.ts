import { open } from "node:fs/promises";
import { join } from "node:path";
import type { RunId } from "@litmus/core";

/** Words that a shell leaves as they are. */
const plain = /^[\w./:@%+,=-]+$/;

/** A command of Litmus as a person types it. */
export function commandOf(words: readonly string[]): string {
  const quoted = words.map((word) => (plain.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`));
  return ["npx", "litmus", ...quoted].join(" ");
}

interface RunFlags {
  readonly dir: string;
  readonly set: readonly string[];
  /** With these an evaluation is another run. */
  readonly split?: string | undefined;
  readonly samples?: number | undefined;
}

/** What goes on with the run of an experiment file. `--set` takes all words that come after it, and stands last. */
export function resumeCommand(name: "train" | "eval", config: string, flags: RunFlags): string {
  const { dir, set, split, samples } = flags;
  return commandOf([
    name,
    config,
    ...(dir === "runs" ? [] : ["--dir", dir]),
    ...(split === undefined ? [] : ["--split", split]),
    ...(samples === undefined ? [] : ["--samples", String(samples)]),
    ...(set.length === 0 ? [] : ["--set", ...set]),
  ]);
}

const mark = "# goes on with: ";

/** The first line of the config beside a run's files. */
export const resumeLine = (command: string): string => `${mark}${command.replaceAll(/\s/g, " ")}\n`;

/** What goes on with a run whose process has ended; null where its files are not here, or do not say it. */
export async function readResumeCommand(runsDirectory: string, id: RunId): Promise<string | null> {
  const path = join(runsDirectory, id, "config.yaml");
  const file = await open(path).catch(() => null);
  if (file === null) return null;
  // The stream closes the file.
  for await (const line of file.readLines()) return line.startsWith(mark) ? line.slice(mark.length) : null;
  return null;
}
