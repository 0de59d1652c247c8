export type { LoraSettings } from "./adapter/adapter-parameters.ts";
export { loraTargets } from "./block/lora-targets.ts";
export type { LoraTarget } from "./block/lora-targets.ts";
export { createLocalTrainer } from "./local-trainer.ts";
export type { LocalTrainerOptions } from "./local-trainer.ts";
