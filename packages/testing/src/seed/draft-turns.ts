import type { CorpusRecord, EpisodeOutcome, Failure, Rng, ShownHit } from "@litmus/core";
import type { DraftTurn } from "./build-episode.ts";
import type { SeedProblem } from "./seed-problems.ts";

export interface DraftRequest {
  readonly asked: SeedProblem;
  readonly records: readonly CorpusRecord[];
  /** How well the policy searches and answers, in [0, 1]. */
  readonly skill: number;
  /** Share of episodes that fail. */
  readonly failureShare: number;
  readonly rng: Rng;
}

export interface Draft {
  readonly turns: readonly DraftTurn[];
  readonly outcome: EpisodeOutcome;
}

const completed: EpisodeOutcome = { type: "stopped", reason: "completed" };
const maxTurns = 3;

const failures: readonly Failure[] = [
  failureOf("policy", "model-process-exited", "the sampler's process ended with signal SIGKILL; it was started again"),
  failureOf("retrieval", "search-timed-out", "the search server gave no answer within 5,000 ms"),
  failureOf("timeout", "episode-deadline", "the episode took more than 300,000 ms"),
];

/** What an episode of a policy of this skill says: it searches, once more when the first hits lack the gold record, and answers. */
export function draftTurns(request: DraftRequest): Draft {
  const { rng, failureShare, skill } = request;
  const failure = rng.uniform() < failureShare ? failures[rng.integer(failures.length)] : undefined;
  if (failure !== undefined) return failed(request, failure);
  const turns: DraftTurn[] = [];
  if (rng.uniform() < 0.35 * (1 - skill)) turns.push(malformedTurn(rng));
  for (let search = 0; search < 2 && !showsGold(request, turns); search++) turns.push(searchTurn(request, search));
  if (turns.length >= maxTurns && rng.uniform() > skill)
    return { turns, outcome: { type: "stopped", reason: "max_turns" } };
  return { turns: [...turns, answerTurn(request, turns)], outcome: completed };
}

function failed(request: DraftRequest, failure: Failure): Draft {
  const outcome: EpisodeOutcome = { type: "failed", failure };
  if (failure.boundary === "policy") return { turns: [], outcome };
  const turn = searchTurn(request, 0);
  if (failure.boundary === "timeout") return { turns: [turn], outcome };
  return { turns: [{ ...turn, reply: { hits: [], failure, durationMs: 5000 } }], outcome };
}

function malformedTurn(rng: Rng): DraftTurn {
  const said = ["I should look this up first.", "<search>", "<answer></answer>"];
  const reasons = ["neither a search nor an answer", "the search tag is not closed", "empty answer"];
  const index = rng.integer(said.length);
  return { text: said[index] ?? "", action: { type: "malformed", reason: reasons[index] ?? "" } };
}

function searchTurn(request: DraftRequest, search: number): DraftTurn {
  const { asked, rng } = request;
  const words = (search === 0 ? asked.topic.question : asked.topic.title).replace(/[?:,]|^Which /g, "").toLowerCase();
  const query = rng.uniform() < 0.5 ? words : words.split(" ").slice(-4).join(" ");
  const thought = search === 0 ? "I need a record that names it." : "None of these names it; other words may.";
  return {
    text: `<think>${thought}</think>\n<search>${query}</search>`,
    action: { type: "search", query },
    reply: { hits: hitsOf(request, search), failure: null, durationMs: Math.round(20 + rng.uniform() * 400) / 10 },
  };
}

function hitsOf({ asked, records, skill, rng }: DraftRequest, search: number): ShownHit[] {
  const [goldId] = asked.problem.goldRecordIds;
  const gold = records.find(({ id }) => id === goldId);
  const others = rng.shuffled(records.filter(({ id }) => id !== goldId)).slice(0, 3);
  const isFound = gold !== undefined && rng.uniform() < 0.25 + 0.5 * skill + 0.2 * search;
  const shown = isFound ? rng.shuffled([gold, ...others.slice(0, 2)]) : others;
  return shown.map((record, i) => hitOf(record, { rank: i + 1, score: 14 - 3 * i - rng.uniform() * 2 }));
}

function hitOf({ id, title, text, year }: CorpusRecord, { rank, score }: { rank: number; score: number }): ShownHit {
  const cut = text.length > 150;
  const hit = { recordId: id, rank, score, title, shownText: cut ? `${text.slice(0, 150)} …` : text, cut };
  return year === null ? hit : { ...hit, year };
}

const showsGold = ({ asked }: DraftRequest, turns: readonly DraftTurn[]): boolean =>
  turns.some(({ reply }) => reply?.hits.some(({ recordId }) => asked.problem.goldRecordIds.includes(recordId)));

function answerTurn(request: DraftRequest, turns: readonly DraftTurn[]): DraftTurn {
  const { asked, skill, rng } = request;
  const isFound = showsGold(request, turns);
  const isRight = rng.uniform() < (isFound ? 0.3 + 0.65 * skill : 0.5 * skill);
  const { answers, wrongAnswer } = asked.topic;
  const answer = isRight ? (answers[rng.integer(answers.length)] ?? wrongAnswer) : wrongAnswer;
  const cited = isFound && rng.uniform() < 0.8 ? [...asked.problem.goldRecordIds] : [];
  const citing = cited.length === 0 ? "" : `<cite>${cited.join(", ")}</cite>`;
  const thought = isFound ? "One record names it." : "No record names it; this is what I recall.";
  return {
    text: `<think>${thought}</think>\n${citing}<answer>${answer}</answer>`,
    action: { type: "answer", answer, cited },
  };
}

function failureOf(boundary: Failure["boundary"], code: string, message: string): Failure {
  return { boundary, code, message, retryable: true };
}
