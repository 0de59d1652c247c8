import {
  actionPositions,
  createRng,
  deriveSeed,
  requireTokenPolicy,
  type CorpusRecord,
  type Problem,
  type Rng,
  type Trajectory,
} from "@litmus/core";
import { containsAnswer } from "@litmus/reward";
import type { RunContext } from "../run/run-context.ts";
import { queryStyles } from "./query-styles.ts";
import { createTeacherPolicy, type Speak } from "./teacher-policy.ts";

/** A taught episode: its action tokens are what supervised learning imitates. */
export interface Demonstration {
  readonly id: string;
  readonly problem: Problem;
  readonly tokens: readonly number[];
  readonly positions: readonly number[];
  readonly turns: number;
}

export interface DemonstrationOptions {
  /** Whether a shown gold record is cited before the answer. */
  readonly cites?: boolean;
  /** First searches: every way of asking that {@link queryStyles} gives, or the bare question alone. */
  readonly queries?: "varied" | "question";
}

/**
 * Demonstrations of searching and answering, one for each first search that leads to an answer. A problem is used only where the
 * fitted observation contains an accepted answer: teaching answers that were not shown would teach invention.
 */
export async function buildDemonstrations(
  context: RunContext,
  problems: readonly Problem[],
  { cites = true, queries = "varied" }: DemonstrationOptions = {},
): Promise<Demonstration[]> {
  const built: Demonstration[] = [];
  for (const problem of problems) {
    context.signal.throwIfAborted();
    const gold = await goldRecord(context, problem);
    const styles = queryStyles(problem, gold, deriveSeed(context.config.seed, "demonstration", problem.id));
    const firstSearches = queries === "question" ? styles.slice(0, 1) : styles;
    for (const [index, query] of firstSearches.entries()) {
      const fallback = styles[(index + styles.length - 1) % styles.length] ?? query;
      const demonstration = await demonstrate(context, problem, speakFor(problem, [query, fallback], cites));
      if (demonstration !== null) built.push({ ...demonstration, id: `${problem.id}/${index}` });
    }
  }
  return dropRepeats(built);
}

async function goldRecord(context: RunContext, problem: Problem): Promise<CorpusRecord | null> {
  const id = problem.goldRecordIds[0];
  return id === undefined ? null : context.record(id);
}

async function demonstrate(context: RunContext, problem: Problem, speak: Speak): Promise<Demonstration | null> {
  const teacher = createTeacherPolicy(requireTokenPolicy(context.policy), speak);
  const { budgets, timeoutMs } = context.config.agent;
  const options = { seed: 0, temperature: 0, budgets, timeoutMs, signal: context.signal };
  const trajectory = await context.agents.trained.run(problem.question, teacher, context.retriever, options);
  return isComplete(trajectory)
    ? {
        id: "",
        problem,
        tokens: trajectory.tokens,
        positions: actionPositions(trajectory),
        turns: trajectory.turns.length,
      }
    : null;
}

const isComplete = (trajectory: Trajectory): boolean =>
  trajectory.outcome.type === "stopped" && trajectory.outcome.reason === "completed";

/**
 * Searches until an accepted answer is shown, then cites a gold record that is shown and answers with the form that is shown.
 * Where the prompt retrieves first and has opened the answer, it only closes it.
 */
function speakFor(problem: Problem, queries: readonly string[], cites: boolean): Speak {
  return (heard, turn) => {
    if (heard.endsWith("<answer>")) {
      const results = heard.slice(heard.lastIndexOf("<information>"));
      const answer = problem.goldenAnswers.find((each) => containsAnswer(results, [each]));
      return answer === undefined ? null : `${answer}</answer>`;
    }
    const shown = turn === 0 ? undefined : problem.goldenAnswers.find((answer) => containsAnswer(heard, [answer]));
    if (shown !== undefined) {
      const cited = cites ? problem.goldRecordIds.find((id) => heard.includes(`[${id}]`)) : undefined;
      return `${cited === undefined ? "" : `<cite>${cited}</cite>`}<answer>${shown}</answer>`;
    }
    const query = queries[turn];
    return query === undefined ? null : `<search>${query}</search>`;
  };
}

function dropRepeats(demonstrations: readonly Demonstration[]): Demonstration[] {
  return [...new Map(demonstrations.map((demonstration) => [demonstration.tokens.join(" "), demonstration])).values()];
}

/** An endless, seeded order over demonstrations: each of a kind once before any twice, with a share of two-search ones. */
export function* demonstrationStream(
  all: readonly Demonstration[],
  options: { seed: number; twoTurnShare: number },
): Generator<Demonstration, undefined> {
  const rng = createRng(deriveSeed(options.seed, "demonstration-order"));
  const direct = cycle(
    all.filter((demonstration) => demonstration.turns <= 2),
    rng,
  );
  const searchedAgain = cycle(
    all.filter((demonstration) => demonstration.turns > 2),
    rng,
  );
  for (;;) {
    const [first, second] = rng.uniform() < options.twoTurnShare ? [searchedAgain, direct] : [direct, searchedAgain];
    const next = first.next().value ?? second.next().value;
    if (next === undefined) return undefined;
    yield next;
  }
}

function* cycle(kind: readonly Demonstration[], rng: Rng): Generator<Demonstration, undefined> {
  while (kind.length > 0) yield* rng.shuffled(kind);
  return undefined;
}
