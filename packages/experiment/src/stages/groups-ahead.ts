import type { Learner } from "../run/learner.ts";
import type { RunContext } from "../run/run-context.ts";
import { drawGroups, type DrawnGroups, type StageStep } from "./draw-groups.ts";

/**
 * The groups of a stage's steps, those of later steps made ahead, as many as the stage's staleness. Step s is sampled from the
 * version after step s − staleness whatever happens in between, so that a run that was killed goes on with equal trajectories, and none is
 * ever further behind.
 */
export class GroupsAhead {
  readonly #context: RunContext;
  readonly #learner: Learner;
  readonly #drawn = new Map<number, Promise<DrawnGroups>>();

  constructor(context: RunContext, learner: Learner) {
    this.#context = context;
    this.#learner = learner;
  }

  /** Starts on the steps that may begin now, and resolves with the groups of this one. */
  take(stage: StageStep): Promise<DrawnGroups> {
    const { steps, staleness } = stage.config;
    for (let step = stage.step; step <= Math.min(stage.step + staleness, steps - 1); step++) this.#start(stage, step);
    const drawn = this.#drawn.get(stage.step) as Promise<DrawnGroups>;
    this.#drawn.delete(stage.step);
    return drawn;
  }

  #start(stage: StageStep, step: number): void {
    if (this.#drawn.has(step)) return;
    const { version } = this.#learner.versionAfter(stage.name, sampledAfter(stage, step));
    const drawing = drawGroups(this.#context, { ...stage, step }, version);
    // Whoever takes the step is told; until then nobody listens.
    drawing.catch(() => undefined);
    this.#drawn.set(step, drawing);
  }
}

/** After how many steps of the stage the version was published that a step is sampled from. */
export function sampledAfter({ config }: Pick<StageStep, "config">, step: number): number {
  return Math.max(0, step - config.staleness);
}
