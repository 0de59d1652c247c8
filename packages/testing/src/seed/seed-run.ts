import { createRng, runId, type RolloutPurpose, type StoredTrajectory } from "@litmus/core";
import { groupSize, groupsPerStep, seedRecord, type SeedPlan, type SeedStage } from "./seed-plan.ts";
import { seedData, type SeedProblem } from "./seed-problems.ts";
import {
  metricRows,
  reinforcementMetrics,
  sftMetrics,
  stepCommit,
  trainedTokens,
  type SeedPoint,
} from "./seed-step.ts";
import type { Seeding } from "./seed-tools.ts";
import { seedTrajectory, type SeedRun } from "./seed-trajectories.ts";

/** Writes a whole run as the loop would: base evaluation, stages step by step, an evaluation after each stage that is done. */
export async function seedRun({ store, tools }: Seeding, plan: SeedPlan): Promise<void> {
  const run: SeedRun = { plan, tools, data: seedData(plan.idSpace) };
  const writing: Writing = { store, tools, run };
  const id = runId(plan.id);
  await store.saveRun(seedRecord(plan, tools));
  await store.saveProblems(
    id,
    "train",
    run.data.train.map(({ problem }) => problem),
  );
  await store.saveProblems(
    id,
    "test",
    run.data.test.map(({ problem }) => problem),
  );
  await evaluate(writing, { runId: id, stage: "base", step: 0, version: 0 }, plan.baseSkill);
  let version = 0;
  for (const stage of plan.stages) {
    version = await seedStage(writing, stage, version);
    if (stage.stepsDone < stage.steps) return;
    await evaluate(writing, { runId: id, stage: stage.type, step: stage.steps, version }, stage.skill[1]);
  }
  const used = { seconds: 840, downloadSeconds: 0, peakRssGiB: 3.2 };
  await store.saveMetrics(metricRows({ runId: id, stage: "run", step: 1, version }, used));
}

interface Writing extends Seeding {
  readonly run: SeedRun;
}

/** @returns the version that the stage leaves */
async function seedStage(writing: Writing, stage: SeedStage, before: number): Promise<number> {
  const { plan } = writing.run;
  let version = before;
  for (let step = 1; step <= stage.stepsDone; step++) {
    const isPublished = stage.type === "grpo" || step % 5 === 0 || step === stage.steps;
    if (isPublished) version += 1;
    const point: SeedPoint = { runId: runId(plan.id), stage: stage.type, step, version };
    if (stage.type === "grpo") await reinforce(writing, stage, point);
    else await supervise(writing, { stage, point, isPublished });
  }
  return version;
}

interface Supervised {
  readonly stage: SeedStage;
  readonly point: SeedPoint;
  readonly isPublished: boolean;
}

async function supervise({ store, run: { plan } }: Writing, { stage, point, isPublished }: Supervised): Promise<void> {
  const rng = createRng(`${plan.seed} sft ${point.step}`);
  const metrics = sftMetrics(plan, (point.step - 1) / stage.steps, rng);
  if (isPublished) await store.commitStep(stepCommit(plan, point, { metrics, trained: [] }));
  else await store.saveMetrics(metricRows(point, metrics));
}

async function reinforce({ store, run }: Writing, stage: SeedStage, point: SeedPoint): Promise<void> {
  const { plan, data } = run;
  const rng = createRng(`${plan.seed} grpo ${point.step}`);
  const [from, to] = stage.skill;
  const skill = from + ((to - from) * (point.step - 1)) / stage.steps;
  const groups = Array.from({ length: groupsPerStep }, (_, group) => {
    const asked = data.train[((point.step - 1) * groupsPerStep + group) % data.train.length] as SeedProblem;
    return makeGroup(run, {
      ...point,
      version: point.version - 1,
      purpose: "train",
      asked,
      skill,
      group,
      size: groupSize,
    });
  });
  await store.saveTrajectories(groups.flat());
  const metrics = reinforcementMetrics(plan, groups, rng);
  await store.commitStep(stepCommit(plan, point, { metrics, trained: trainedTokens(groups, point.step, rng) }));
}

interface GroupRequest extends SeedPoint {
  readonly purpose: RolloutPurpose;
  readonly asked: SeedProblem;
  readonly skill: number;
  readonly group: number;
  readonly size: number;
}

/** The members of a group; those of a training step count its steps from 0. */
function makeGroup(run: SeedRun, request: GroupRequest): StoredTrajectory[] {
  const { stage, step, purpose, asked, skill, group, size, version } = request;
  return Array.from({ length: size }, (_, member) => {
    const keyStep = purpose === "train" ? step - 1 : step;
    const key = { runId: request.runId, stage, step: keyStep, purpose, group, member };
    return seedTrajectory(run, { key, asked, skill, version });
  });
}

async function evaluate({ store, tools, run }: Writing, point: SeedPoint, skill: number): Promise<void> {
  const { data, plan } = run;
  const ask = (purpose: RolloutPurpose, size: number): StoredTrajectory[] =>
    data.test.flatMap((asked, group) => makeGroup(run, { ...point, purpose, asked, skill, group, size }));
  const greedy = ask("evaluation", 1);
  const sampled = plan.samples === 0 ? null : ask("evaluation-sampled", plan.samples);
  await store.saveTrajectories([...greedy, ...(sampled ?? [])]);
  const problems = data.test.map(({ problem }) => problem);
  const result = tools.summarize({ problems, greedy, sampled, k: plan.samples });
  await store.saveEvaluation({ runId: point.runId, stage: point.stage, step: point.step, split: "test", result });
}
