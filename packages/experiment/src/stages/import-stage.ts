import type { ImportStageConfig } from "../config/schema.ts";
import type { Learner } from "../run/learner.ts";
import type { RunContext } from "../run/run-context.ts";

/** Takes an adapter that was trained elsewhere as the next version. */
export async function runImportStage(
  context: RunContext,
  learner: Learner,
  { name, config }: { name: string; config: ImportStageConfig },
): Promise<void> {
  const done = learner.stepsDone(name);
  context.emit({ type: "stage-start", stage: name, steps: 1, done });
  if (done > 0) return;
  const trainer = await learner.trainer();
  await trainer.adopt(await context.importedAdapter(config.adapter));
  await learner.publish({ stage: name, step: 1, metrics: {} });
}
