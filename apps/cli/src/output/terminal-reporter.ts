import type { RunEvent } from "@litmus/experiment";
import type { Reporter } from "./reporter.ts";
import { lineOf } from "./run-lines.ts";

interface Terminal {
  /** Progress and notes. */
  readonly side: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly out: (text: string) => void;
  readonly now: () => number;
}

const plainEveryMs = 30_000;

/** For people: lines that stay, and under them one bar that moves. Without a terminal: a plain line each half minute. */
export function createTerminalReporter({ side, out, now }: Terminal): Reporter {
  let bar = "";
  let lastPlain = Number.NEGATIVE_INFINITY;
  let started = { label: "", at: 0, done: 0 };
  const clear = (): void => {
    if (bar !== "") side.write("\r\u001b[2K");
    bar = "";
  };
  const line = (text: string): void => {
    clear();
    side.write(`${text}\n`);
  };
  const progress = (label: string, done: number, total: number | null): void => {
    if (started.label !== label || done < started.done) started = { label, at: now(), done };
    const text = `${label} ${amount(done, total)}${timeLeft({ done: done - started.done, left: (total ?? 0) - done, elapsedMs: now() - started.at })}`;
    if (side.isTTY === true) {
      clear();
      bar = `${barOf(done, total)} ${text}`.slice(0, (side.columns ?? 80) - 1);
      side.write(bar);
      if (done === total) clear();
    } else if (now() - lastPlain >= plainEveryMs) {
      lastPlain = now();
      side.write(`${text}\n`);
    }
  };
  const event = (happened: RunEvent): void => {
    if (happened.type === "rollouts-progress") {
      const { stage, step, purpose, done, total } = happened;
      return progress(`${stage} step ${step}, ${purpose} episodes`, done, total);
    }
    const text = lineOf(happened);
    if (text !== null) line(text);
  };
  return {
    progress,
    note: line,
    event,
    result: (_line, text) => {
      clear();
      out(`${text}\n`);
    },
    close: clear,
  };
}

function barOf(done: number, total: number | null): string {
  if (total === null || total === 0) return "";
  const filled = Math.round((20 * done) / total);
  return `[${"#".repeat(filled)}${"-".repeat(20 - filled)}]`;
}

/** Large counts are bytes. */
function amount(done: number, total: number | null): string {
  const isBytes = (total ?? done) > 1_000_000;
  const show = (value: number): string => (isBytes ? `${(value / 1e6).toFixed(0)} MB` : String(value));
  return total === null ? show(done) : `${show(done)}/${show(total)}`;
}

function timeLeft(rate: { done: number; left: number; elapsedMs: number }): string {
  if (rate.done <= 0 || rate.left <= 0 || rate.elapsedMs < 2000) return "";
  const seconds = Math.round((rate.left * rate.elapsedMs) / rate.done / 1000);
  return seconds >= 90 ? `, ${Math.round(seconds / 60)} min left` : `, ${seconds} s left`;
}
