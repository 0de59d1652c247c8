import type { ReinforcementConfig } from "../config/reinforcement.ts";
import { checkCollapse } from "../run/check-collapse.ts";
import type { Learner } from "../run/learner.ts";
import type { RunContext } from "../run/run-context.ts";
import type { StepSummary } from "../run/run-event.ts";
import type { StageStep } from "./draw-groups.ts";
import { buildGroupBatch, memberAdvantages, probeOf, type BatchSettings } from "./group-batch.ts";
import { GroupsAhead, sampledAfter } from "./groups-ahead.ts";
import { notePassRates, passRatesOf } from "./pass-rates.ts";
import { klPenalties } from "./reference-policy.ts";
import { metricsOfStep, summarizeStep } from "./step-summary.ts";
import { trainedTokensOf } from "./trained-tokens.ts";
import { updatePolicy } from "./update-policy.ts";

interface Stage {
  readonly name: string;
  readonly config: ReinforcementConfig;
}

/**
 * Reinforcement with verified rewards.
 * @param afterStep called when a step is committed, with the number of steps done; again after a resume
 */
export async function runReinforcementStage(
  context: RunContext,
  learner: Learner,
  stage: Stage,
  afterStep: (step: number) => Promise<void>,
): Promise<void> {
  const done = learner.stepsDone(stage.name);
  context.emit({ type: "stage-start", stage: stage.name, steps: stage.config.steps, done });
  // A process may have been killed between a commit and what follows it.
  if (done > 0) await afterStep(done);
  const passRates = done < stage.config.steps ? await passRatesOf(context, stage, done) : null;
  const ahead = new GroupsAhead(context, learner);
  for (let step = done; step < stage.config.steps; step++) {
    context.signal.throwIfAborted();
    const summary = await runStep(context, learner, { stage: { ...stage, step, passRates }, ahead });
    context.emit({ type: "step-end", stage: stage.name, ...summary });
    await afterStep(step + 1);
  }
}

/** One step: rollouts → rewards → advantages → updates → a new version, every part stored before the next. */
async function runStep(
  context: RunContext,
  learner: Learner,
  { stage, ahead }: { readonly stage: StageStep; readonly ahead: GroupsAhead },
): Promise<StepSummary> {
  const start = context.clock.monotonicMs();
  const { all, batch: groups, passed } = await ahead.take(stage);
  const sampled = learner.versionAfter(stage.name, sampledAfter(stage, stage.step));
  const versionsBehind = learner.version() - sampled.version;
  const klPenalty = await klPenalties(learner, stage, groups);
  const settings: BatchSettings = {
    config: stage.config,
    maxPolicyTokens: maxPolicyTokens(context),
    ...(klPenalty === undefined ? {} : { klPenalty }),
  };
  const data = buildGroupBatch(groups, settings);
  const sampledWith = versionsBehind === 0 ? "current" : sampled.adapter;
  const probe = { data: probeOf(all), sampledWith } as const;
  const update = await context.unlessPaused(() => {
    context.signal.throwIfAborted();
    return updatePolicy(context, learner, { stage, data, probe });
  });
  const seconds = (context.clock.monotonicMs() - start) / 1000;
  const summary = summarizeStep({
    step: stage.step + 1,
    groups: all,
    problemsPassed: passed,
    versionsBehind,
    update,
    seconds,
  });
  if (stage.passRates !== null) notePassRates(stage.passRates, all.flat());
  await checkCollapse(context, stage.name, summary);
  const trained = trainedTokensOf({
    groups: all,
    advantages: memberAdvantages(groups, settings),
    measured: update.measured,
    step: stage.step + 1,
  });
  const publication = { stage: stage.name, step: stage.step + 1, metrics: metricsOfStep(summary), trained };
  await (update.updates > 0 ? learner.publish(publication) : learner.commitUnchanged(publication));
  return summary;
}

function maxPolicyTokens({ config }: RunContext): number {
  const { maxTurns, maxActionTokens, maxEpisodeTokens } = config.agent.budgets;
  return Math.min(maxTurns * maxActionTokens, maxEpisodeTokens);
}
