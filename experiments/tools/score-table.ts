/**
 * @file Scores of stored evaluations, by the kind of gold record, as a table and as JSON:
 * `node bin/run.mjs node experiments/tools/score-table.ts <runs folder> <corpus.jsonl.gz> <index folder> run:stage:step …`
 * A question counts as complete where one of its gold records is a whole abstract, as snippet otherwise (`complete` in
 * the corpus). Recall of the bare question is that of the same index, asked for the three best with the question itself.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { pairedDifference, wilsonInterval } from "../../packages/algorithms/src/index.ts";
import { runId, type Problem, type StoredTrajectory } from "../../packages/core/src/index.ts";
import { openIndex } from "../../packages/retrieval/src/index.ts";
import { openStore } from "../../packages/store/src/index.ts";

const [directory = "runs", corpus = "", indexFolder = "", ...names] = process.argv.slice(2);

interface Evaluated {
  readonly name: string;
  readonly greedy: readonly StoredTrajectory[];
  readonly sampled: readonly StoredTrajectory[];
}

const rightOf = (entry: StoredTrajectory): number =>
  entry.reward?.components.find(({ name }) => name === "exactMatch")?.score ?? 0;
const mean = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const percent = (value: number): string => (Number.isNaN(value) ? "–" : `${(100 * value).toFixed(1)} %`);

async function wholeAbstracts(wanted: ReadonlySet<string>): Promise<Set<string>> {
  const whole = new Set<string>();
  // Not by readline, which also ends a line at U+2028.
  const text = gunzipSync(await readFile(corpus)).toString("utf8");
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const record = JSON.parse(line) as { pmid: string; complete: boolean };
    if (record.complete && wanted.has(record.pmid)) whole.add(record.pmid);
  }
  return whole;
}

const showsGold = (entry: StoredTrajectory, problem: Problem): boolean =>
  entry.trajectory.turns.some((turn) => turn.search?.hits.some(({ recordId }) => problem.goldRecordIds.includes(recordId)));

const store = await openStore({ directory: join(directory, "store") });
const evaluated: Evaluated[] = [];
const problems = new Map<string, Problem>();
for (const name of names) {
  const [id = "", stage = "", step = "0"] = name.split(":");
  const run = runId(id);
  const entriesOf = (purpose: "evaluation" | "evaluation-sampled") =>
    store.trajectories({ runId: run, stage, step: Number(step), purpose });
  const [greedy, sampled] = [await entriesOf("evaluation"), await entriesOf("evaluation-sampled")];
  for (const { problemId } of greedy) {
    const problem = problemId === null ? null : await store.problem(run, problemId);
    if (problem !== null) problems.set(problem.id, problem);
  }
  evaluated.push({ name, greedy, sampled });
}
await store.close();

const problemOf = ({ problemId }: StoredTrajectory): Problem => problems.get(problemId ?? "") as Problem;
const whole = await wholeAbstracts(new Set([...problems.values()].flatMap(({ goldRecordIds }) => goldRecordIds)));
const kindOf = (problem: Problem): "complete" | "snippet" =>
  problem.goldRecordIds.some((id) => whole.has(id)) ? "complete" : "snippet";
const ofKind = (entries: readonly StoredTrajectory[], kind: string | null): StoredTrajectory[] =>
  entries.filter(({ reward, problemId }) => {
    const problem = problems.get(problemId ?? "");
    return reward !== null && problem !== undefined && (kind === null || kindOf(problem) === kind);
  });

/** Mean over the questions of what is asked of each one's entries. */
function byQuestion(entries: readonly StoredTrajectory[], ask: (own: readonly StoredTrajectory[]) => number): Map<string, number> {
  return new Map([...Map.groupBy(entries, ({ problemId }) => problemId ?? "")].map(([id, own]) => [id, ask(own)]));
}

const rows = evaluated.flatMap(({ name, greedy, sampled }) =>
  [null, "complete", "snippet"].map((kind) => {
    const [one, many] = [ofKind(greedy, kind), ofKind(sampled, kind)];
    const right = one.reduce((sum, entry) => sum + rightOf(entry), 0);
    const means = [...byQuestion(many, (own) => mean(own.map(rightOf))).values()];
    const passes = [...byQuestion(many, (own) => Math.max(...own.map(rightOf))).values()];
    return {
      policy: name,
      gold: kind ?? "all",
      n: one.length,
      greedy: right / one.length,
      greedyCi95: wilsonInterval(right, one.length),
      samples: many.length / Math.max(1, means.length),
      averageAtK: mean(means),
      passAtK: mean(passes),
      goldRecall: mean(one.map((entry) => (showsGold(entry, problemOf(entry)) ? 1 : 0))),
      searches: mean(one.map((entry) => entry.trajectory.usage.searches)),
    };
  }),
);
print("| policy | gold | n | greedy | avg@k | pass@k | gold shown | searches |\n| --- | --- | --- | --- | --- | --- | --- | --- |");
for (const row of rows) {
  const { low, high } = row.greedyCi95;
  print(
    `| ${row.policy} | ${row.gold} | ${row.n} | ${percent(row.greedy)} (${percent(low)} to ${percent(high)}) | ${percent(row.averageAtK)} | ${percent(row.passAtK)} | ${percent(row.goldRecall)} | ${row.searches.toFixed(2)} |`,
  );
}

const asked = [...problems.values()];
const index = await openIndex(indexFolder, { preset: "anserini" });
const found = await index.search(
  asked.map(({ question }) => question),
  { topK: 3 },
);
if (!found.ok) throw new Error(found.failure.message);
const bareRecall = mean(
  asked.map(({ goldRecordIds }, i) => (found.value[i]?.some(({ recordId }) => goldRecordIds.includes(recordId)) ? 1 : 0)),
);
print(`the bare question finds a gold record for ${percent(bareRecall)} of ${asked.length}`);

/** The last policy against each other one, by question: greedy, average and pass of the samples. */
const scoresOf = ({ greedy, sampled }: Evaluated) => ({
  greedy: byQuestion(ofKind(greedy, null), (own) => mean(own.map(rightOf))),
  "avg@k": byQuestion(ofKind(sampled, null), (own) => mean(own.map(rightOf))),
  "pass@k": byQuestion(ofKind(sampled, null), (own) => Math.max(...own.map(rightOf))),
});
const last = evaluated.at(-1);
const pairs = evaluated.slice(0, -1).flatMap((from) =>
  (["greedy", "avg@k", "pass@k"] as const).flatMap((measure) => {
    const [before, after] = [scoresOf(from)[measure], scoresOf(last as Evaluated)[measure]];
    const ids = [...before.keys()].filter((id) => after.has(id));
    if (ids.length === 0) return [];
    const difference = pairedDifference(
      ids.map((id) => before.get(id) ?? 0),
      ids.map((id) => after.get(id) ?? 0),
    );
    return [{ from: from.name, to: last?.name, measure, ...difference }];
  }),
);
for (const { from, to, measure, n, difference, ci95 } of pairs)
  print(`${from} → ${to}, ${measure}: ${percent(difference ?? 0)} (${percent(ci95?.low ?? 0)} to ${percent(ci95?.high ?? 0)}), n ${n}`);
print(JSON.stringify({ rows, bareRecall, pairs }));
