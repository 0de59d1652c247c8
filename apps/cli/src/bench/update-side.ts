import { median } from "@litmus/algorithms";

/** One update, as one side made it. */
export interface MeasuredUpdate {
  readonly wallSeconds: number;
  /** Of all threads of the side's process. */
  readonly cpuSeconds: number;
  /** Since the process started. */
  readonly peakRssGiB: number;
}

/** A process that makes the same update again and again. */
export interface UpdateSide {
  update(): Promise<MeasuredUpdate>;
  close(): Promise<void>;
}

/** The workload of both sides, as published for the peers: trajectories of prompt and action tokens. */
export const workload = { trajectories: 8, promptTokens: 384, actionTokens: 128, loraRank: 16, loraAlpha: 32 } as const;

export interface UpdateFigures extends MeasuredUpdate {
  readonly tokensPerSecond: number;
}

/** Medians of the updates from the fourth on: the first ones compile, allocate and warm caches. */
export function figuresOf(updates: readonly MeasuredUpdate[]): UpdateFigures {
  const warm = updates.slice(3);
  const wallSeconds = median(warm.map((each) => each.wallSeconds));
  return {
    wallSeconds,
    cpuSeconds: median(warm.map((each) => each.cpuSeconds)),
    tokensPerSecond: (workload.trajectories * (workload.promptTokens + workload.actionTokens)) / wallSeconds,
    peakRssGiB: Math.max(...updates.map((each) => each.peakRssGiB)),
  };
}
