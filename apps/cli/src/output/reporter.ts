import type { RunEvent } from "@litmus/experiment";
import type { JsonLine } from "./json-line.ts";

/** Where a command says what happens. Data goes to stdout, the rest to stderr. */
export interface Reporter {
  /** Something is being fetched or prepared; `done` and `total` in bytes or items where known. */
  progress(label: string, done: number, total: number | null): void;
  /** One sentence for people. */
  note(text: string): void;
  event(event: RunEvent): void;
  /** The result of the command, last. `text` is its form for people. */
  result(line: JsonLine, text: string): void;
  close(): void;
}
