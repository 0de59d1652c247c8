import { createRng, recordId, runId, sha256 } from "@litmus/core";
import { buildProblem, buildRun, buildStoredTrajectory, buildTrajectory } from "@litmus/testing";
import { entryOf, problemsOf, rewardOf } from "./build-entries.ts";
import { gain, summarizeEvaluation, type StageEvaluation } from "../index.ts";
import type { ReportData, ReportSample, ReportStep } from "../report/report-data.ts";

const questions = 80;

/** A made-up evaluation with some failures. */
function evaluationOf(stage: string, step: number, rate: number): StageEvaluation {
  const rng = createRng(`questions`);
  const draw = (): 0 | 1 | null => (rng.uniform() < 0.02 ? null : rng.uniform() < rate ? 1 : 0);
  const problems = problemsOf(questions).map((problem, i) => ({
    ...problem,
    category: i % 3 === 0 ? "biomarkers and diagnostics" : "protein function and signalling",
    isParaphrased: i % 2 === 0,
  }));
  const greedy = problems.map((problem, group) => entryOf(problem, draw(), { group }));
  const sampled = problems.flatMap((problem, group) =>
    [0, 1, 2, 3].map((member) => entryOf(problem, draw(), { group, member })),
  );
  return { stage, step, split: "test", result: summarizeEvaluation({ problems, greedy, sampled, k: 4 }) };
}

function stepsOf(count: number): ReportStep[] {
  const rng = createRng("steps");
  return Array.from({ length: count }, (_, i) => {
    const exactMatch = Math.min(1, 0.22 + 0.006 * i + 0.05 * rng.normal());
    const reward = exactMatch + 0.09;
    return {
      step: i + 1,
      reward,
      rewardCi95: { low: reward - 0.08, high: reward + 0.08 },
      exactMatch,
      meanKl: 0.0004 + 0.0001 * rng.uniform(),
      tokens: 4100 + 10 * i,
      seconds: 21.5 + rng.uniform(),
      zeroVarianceGroups: rng.integer(4),
      failures: rng.integer(2),
      learningRate: 2e-5,
      gradientNorm: 0.4 + 0.1 * rng.uniform(),
      searchesPerEpisode: 1.2,
      tokensPerEpisode: 41.5,
      validActions: 0.97,
      entropy: 1.1 - 0.01 * i,
      clipFraction: 0,
      weightMean: 1.0002,
      weightDeviation: 0.004,
      effectiveShare: 0.9999,
      droppedGroups: 0,
      updates: 1,
      refusedUpdates: 0,
    };
  });
}

function sampleOf(index: number, failed: boolean): ReportSample {
  const [problem = buildProblem()] = problemsOf(1, {
    question: "Which gene is mutated in cystic fibrosis?",
    goldenAnswers: ["CFTR", "cystic fibrosis transmembrane conductance regulator"],
  });
  const base = buildTrajectory();
  const text =
    "Cystic fibrosis is an autosomal recessive disorder caused by mutations in the gene that encodes the cystic fibrosis transmembrane conductance regulator (CFTR), a chloride channel of epithelial cells. ";
  const hits = [
    {
      recordId: recordId("100"),
      rank: 1,
      score: 7.25,
      title: "Mutations of CFTR in patients with cystic fibrosis",
      shownText: text.repeat(2),
      cut: true,
    },
    {
      recordId: recordId("24567801"),
      rank: 2,
      score: 4.031,
      title: "Sweat chloride and the diagnosis of cystic fibrosis in newborns",
      shownText: text,
      cut: false,
    },
  ];
  const turns = base.turns.map((turn) => (turn.search === null ? turn : { ...turn, search: { ...turn.search, hits } }));
  const trajectory = { ...base, turns };
  const failure = {
    boundary: "retrieval" as const,
    code: "search-timed-out",
    message: "no answer within 5 s",
    retryable: true,
  };
  const entry = buildStoredTrajectory({
    key: { group: index },
    problemId: problem.id,
    reward: failed ? null : rewardOf(index % 2 === 0 ? 1 : 0),
    trajectory: failed ? { ...trajectory, answer: null, outcome: { type: "failed", failure } } : trajectory,
  });
  return { entry, problem };
}

/** A made-up run that finished. */
export function buildReportData(overrides: Partial<ReportData> = {}): ReportData {
  const evaluations = [
    evaluationOf("base", 0, 0.12),
    evaluationOf("sft", 60, 0.3),
    evaluationOf("grpo", 15, 0.33),
    evaluationOf("grpo", 30, 0.36),
  ];
  const [base, sft, , grpo] = evaluations as [StageEvaluation, StageEvaluation, StageEvaluation, StageEvaluation];
  const gains = (
    [
      [base, sft],
      [sft, grpo],
    ] as const
  ).flatMap(([from, to]) => (["greedy", "sampled"] as const).map((measure) => gain({ from, to, measure })));
  return {
    run: buildRun({
      id: runId("quickstart-2026-01-01"),
      name: "Quickstart: Gemma 3 270M on litmus-mini",
      status: "finished",
      finishedAt: "2026-01-01T00:09:41.000Z",
      manifest: {
        model: sha256("model"),
        index: sha256("index"),
        data: sha256("data"),
        prompt: sha256("prompt"),
        scorer: "exact-match-1+format-1+biomedical-1",
      },
      config: {
        seed: 1,
        policy: { model: "gemma-3-270m" },
        stages: [{ type: "sft" }, { type: "grpo", steps: 30, learningRate: 2e-5 }],
      },
    }),
    seeds: [1],
    evaluations,
    gains,
    steps: stepsOf(30),
    algorithms: [{ stage: "grpo", settings: { type: "grpo", loss: "ppo", "clip.low": "0.2", kl: "none" } }],
    failures: [
      { boundary: "retrieval", code: "search-timed-out", count: 3 },
      { boundary: "policy", code: "model-process-exited", count: 1 },
    ],
    samples: [sampleOf(0, false), sampleOf(1, false), sampleOf(2, true)],
    idSpace: "pubmed",
    limits: ["Gold records of this set are expert snippets: retrieval is easier than on full PubMed."],
    ...overrides,
  };
}
