import type { GroupMember, ProblemInfo, TrajectoryView } from "@litmus/api";
import type { Problem, RunRecord, StoredTrajectory, TrainedTokens, TrajectoryId } from "@litmus/core";
import { attemptOf, endingOf, problemInfo } from "../attempt.ts";
import { allRuns, knownRun } from "../known-run.ts";
import { meanOf } from "../problem/run-order.ts";
import { runHead } from "../run-head.ts";
import { runShape } from "../run-shape.ts";
import type { StoreReads } from "../store-reads.ts";
import { neighbours, otherAttempts } from "./beside.ts";
import { groupAdvantages } from "./group-advantages.ts";
import { knownTrajectory } from "./known-trajectory.ts";
import { rewardCard } from "./reward-card.ts";
import type { SpellTokens } from "../../app-options.ts";
import { spellsNothing } from "./spell-tokens.ts";
import { turnView } from "./turn-view.ts";

/** One trajectory, turn by turn, with what it was worth and what stands beside it. @throws LitmusError `not-found` when there is none */
export async function trajectoryView(
  reads: StoreReads,
  id: TrajectoryId,
  spellTokens: SpellTokens = spellsNothing,
): Promise<TrajectoryView> {
  const { stored: entry, trained } = await knownTrajectory(reads, id);
  const { key, problemId, trajectory } = entry;
  const run = await knownRun(reads, key.runId);
  const problem = problemId === null ? null : await reads.store.problem(run.id, problemId);
  const idSpace = await idSpaceOf(reads, run, entry);
  const group = await groupOf(reads, run, { entry, problem });
  const marks = { idSpace, gold: problem?.goldRecordIds ?? [], cited: trajectory.cited };
  return {
    id,
    key: { ...key },
    run: runHead(run),
    problem: problem === null ? null : placedProblem(problem, { run, entry }),
    idSpace,
    ...factsOf(entry),
    turns: trajectory.turns.map((turn) => turnView(turn, { segments: trajectory.segments, marks })),
    reward: rewardCard(entry, problem),
    advantage: group.find(({ trajectoryId }) => trajectoryId === id)?.advantage ?? null,
    group,
    groupMean: meanOf(group.map(({ reward }) => reward).filter((reward) => reward !== null)),
    others: await otherAttempts(reads, { run, entry, problem }),
    ...(await neighbours(reads, key)),
    tokens: await tokensOf(entry, { run, trained, spellTokens }),
  };
}

type Facts =
  | "question"
  | "answer"
  | "cited"
  | "ending"
  | "policy"
  | "prompt"
  | "indexId"
  | "temperature"
  | "seed"
  | "usage"
  | "startedAt"
  | "durationMs";

function factsOf({ trajectory, rewardFailure }: StoredTrajectory): Pick<TrajectoryView, Facts> {
  const { question, answer, cited, outcome, policy, prompt, indexId, temperature, seed, usage, timing } = trajectory;
  return {
    question,
    answer,
    cited: [...cited],
    ending: endingOf({ outcome, rewardFailure }),
    policy: { ...policy },
    prompt: { ...prompt },
    indexId,
    temperature,
    seed,
    usage: { ...usage },
    ...timing,
  };
}

/** Of the run's corpus; a question that was asked belongs to a run of its own, without one, but names its index. */
async function idSpaceOf(
  reads: StoreReads,
  run: RunRecord,
  { trajectory }: StoredTrajectory,
): Promise<"pubmed" | "own"> {
  if (runShape(run).config !== null) return runShape(run).idSpace;
  const searched = (await allRuns(reads)).find(({ manifest }) => manifest["index"] === trajectory.indexId);
  return searched === undefined ? runShape(run).idSpace : runShape(searched).idSpace;
}

/** The part of the questions that a problem was taken from, by what it was sampled for. */
function placedProblem(problem: Problem, { run, entry }: { run: RunRecord; entry: StoredTrajectory }): ProblemInfo {
  const { stage, purpose } = entry.key;
  const [, asked] = /^eval-(\w+)/.exec(stage) ?? [];
  const split = purpose === "train" ? "train" : (asked ?? runShape(run).config?.evaluation.split ?? "");
  return problemInfo({ ...problem, split });
}

interface Member {
  readonly entry: StoredTrajectory;
  readonly problem: Problem | null;
}

async function groupOf(reads: StoreReads, run: RunRecord, { entry, problem }: Member): Promise<GroupMember[]> {
  const { runId, stage, step, purpose, group } = entry.key;
  const filter = { runId, stage, step, purpose, ...(entry.problemId === null ? {} : { problemId: entry.problemId }) };
  const members = (await reads.store.summaries(filter)).filter(({ key }) => key.group === group);
  const advantages = await groupAdvantages(reads, run, members);
  return members.map((member, index) => ({ ...attemptOf(member, problem), advantage: advantages[index] ?? null }));
}

interface Spelling {
  readonly run: RunRecord;
  readonly trained: TrainedTokens | null;
  readonly spellTokens: SpellTokens;
}

async function tokensOf(
  { trajectory: { tokens, logProbs, policy } }: StoredTrajectory,
  { run, trained, spellTokens }: Spelling,
): Promise<TrajectoryView["tokens"]> {
  return {
    total: tokens.length,
    hasText: tokens.length > 0 && (await spellTokens(policy, run, [])) !== null,
    hasLogProbs: logProbs.length > 0,
    hasAdvantages: trained !== null,
    hasTrainerLogProbs: (trained?.trainerLogProbs ?? null) !== null,
  };
}
