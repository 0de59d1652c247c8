import type { StageConfig } from "../config/schema.ts";

/** A stage of the config with the name that its records carry. */
export interface NamedStage<Stage extends { readonly type: string } = StageConfig> {
  readonly name: string;
  readonly config: Stage;
}

/** A stage is named by its type; from the second of a type on, with its number. */
export function nameStages<Stage extends { readonly type: string }>(stages: readonly Stage[]): NamedStage<Stage>[] {
  return stages.map((config, index) => {
    const earlier = stages.slice(0, index).filter((stage) => stage.type === config.type).length;
    return { name: earlier === 0 ? config.type : `${config.type}-${earlier + 1}`, config };
  });
}
