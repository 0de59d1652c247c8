import { LitmusError } from "@litmus/core";
import { collapseSigns } from "./collapse-signs.ts";
import type { RunContext } from "./run-context.ts";
import type { StepSummary } from "./run-event.ts";
import { storedSteps } from "./stored-steps.ts";

/**
 * Stops a run whose last steps all show the same sign of collapse. The step is not committed: the checkpoints before it stay.
 * @throws LitmusError `gate-failed`
 */
export async function checkCollapse(context: RunContext, stage: string, summary: StepSummary): Promise<void> {
  const limits = context.config.limits.collapse;
  if (limits === null) return;
  const earlier = (await storedSteps(context, stage)).filter((step) => step.step < summary.step);
  const window = [...earlier, summary].slice(-limits.window);
  if (window.length < limits.window) return;
  const first = earlier[0] ?? summary;
  const sign = collapseSigns.find(({ shows }) => window.every((step) => shows(step, first, limits)));
  if (sign === undefined) return;
  const message = `${stage} step ${summary.step}: ${sign.message}, for ${limits.window} steps`;
  context.emit({ type: "alarm-raised", alarm: sign.alarm, message });
  throw new LitmusError("gate-failed", message, {
    path: "limits.collapse",
    hint: `the checkpoints are kept, also that before step ${window[0]?.step}; start another run with other settings`,
  });
}
