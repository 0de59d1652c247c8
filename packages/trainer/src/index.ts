export type { LoraSettings } from "./adapter/adapter-parameters.ts";
export { loraTargets } from "./block/lora-targets.ts";
export type { LoraTarget } from "./block/lora-targets.ts";
export { createLocalTrainer } from "./local-trainer.ts";
export type { LocalTrainerOptions } from "./local-trainer.ts";
export { createTrainerProcess } from "./process/trainer-process.ts";
export type { LocalTrainerProcess } from "./process/trainer-process.ts";
export { createScriptedTrainer } from "./scripted/scripted-trainer.ts";
export type { ScriptedTrainerOptions } from "./scripted/scripted-trainer.ts";
