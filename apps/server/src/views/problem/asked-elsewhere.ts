import type { Attempt } from "@litmus/api";
import type { Problem, RunRecord } from "@litmus/core";
import { attemptOf } from "../attempt.ts";
import { allRuns } from "../known-run.ts";
import type { StoreReads } from "../store-reads.ts";
import { runOrder } from "./run-order.ts";

/** Runs that are looked at, at most. */
const mostRuns = 20;

/** Another run's attempts at a question. */
export interface AskedElsewhere {
  readonly run: RunRecord;
  readonly attempts: number;
  /** Its last greedy evaluation, else its last attempt. */
  readonly last: Attempt;
}

/** The newest other runs with the same questions that were asked this one. */
export async function askedElsewhere(reads: StoreReads, run: RunRecord, problem: Problem): Promise<AskedElsewhere[]> {
  const hashes = questionHashes(run);
  const candidates = (await allRuns(reads))
    .filter((other) => other.id !== run.id && questionHashes(other).some((hash) => hashes.includes(hash)))
    .slice(0, mostRuns);
  const asked = await Promise.all(candidates.map((other) => attemptsIn(reads, other, problem)));
  return asked.filter((one) => one !== null);
}

/** Of a run's manifest: one hash for each part of its questions. */
const questionHashes = ({ manifest }: RunRecord): string[] =>
  Object.entries(manifest).flatMap(([key, hash]) => (key.startsWith("problems.") ? [hash] : []));

async function attemptsIn(reads: StoreReads, run: RunRecord, problem: Problem): Promise<AskedElsewhere | null> {
  const known = await reads.store.problem(run.id, problem.id);
  if (known?.question !== problem.question) return null;
  const summaries = await reads.store.summaries({ runId: run.id, problemId: problem.id });
  const order = runOrder(run);
  const sorted = summaries.toSorted((a, b) => order(a.key, b.key) || a.key.member - b.key.member);
  const last = sorted.findLast(({ key }) => key.purpose === "evaluation") ?? sorted.at(-1);
  return last === undefined ? null : { run, attempts: sorted.length, last: attemptOf(last, problem) };
}
