import type { EpisodeOptions } from "@litmus/core";
import { LitmusError } from "@litmus/core";
import type { Dialogue } from "./dialogue/dialogue.ts";

/** @throws LitmusError `invalid-config` when a limit is no positive integer, or an observation cannot fit its limit */
export function checkOptions(options: EpisodeOptions, dialogue: Pick<Dialogue, "fewestObservationTokens">): void {
  const { budgets, temperature, timeoutMs } = options;
  const atLeast = {
    maxTurns: 0,
    maxActionTokens: 1,
    maxEpisodeTokens: 1,
    topK: 1,
    maxObservationTokens: dialogue.fewestObservationTokens,
  };
  for (const [name, least] of Object.entries(atLeast)) {
    const value = budgets[name as keyof typeof budgets];
    if (Number.isSafeInteger(value) && value >= least) continue;
    throw new LitmusError("invalid-config", `${name} is ${value}: it must be an integer of at least ${least}`, {
      path: `budgets.${name}`,
      ...(name === "maxObservationTokens" ? { hint: "an empty information block or a correction must fit in it" } : {}),
    });
  }
  if (!(temperature >= 0) || !Number.isFinite(temperature)) {
    throw new LitmusError("invalid-config", `temperature is ${temperature}: it must be 0 or more`, {
      path: "temperature",
    });
  }
  if (!(timeoutMs > 0))
    throw new LitmusError("invalid-config", `timeoutMs is ${timeoutMs}: it must be above 0`, { path: "timeoutMs" });
}
