import type { ExperimentConfig, StageConfig } from "../config/schema.ts";

/** A stage of the config with the name that its records carry. */
export interface NamedStage {
  readonly name: string;
  readonly config: StageConfig;
}

/** A stage is named by its type; from the second of a type on, with its number. */
export function nameStages(stages: ExperimentConfig["stages"]): NamedStage[] {
  return stages.map((config, index) => {
    const earlier = stages.slice(0, index).filter((stage) => stage.type === config.type).length;
    return { name: earlier === 0 ? config.type : `${config.type}-${earlier + 1}`, config };
  });
}
