import type { SampledEstimates } from "@litmus/api";
import type { ReactNode } from "react";
import { formatCount, noValue } from "../../format/number.ts";
import { IntervalBar } from "./interval-bar.tsx";

export interface PassAtKProps {
  readonly sampled: SampledEstimates | null;
  readonly domain?: readonly [number, number];
  readonly reference?: number | null;
}

/** Pass at k over its own questions, with its k. */
export function PassAtK({ sampled, ...scale }: PassAtKProps): ReactNode {
  if (sampled === null || sampled.passAtK.value === null) return noValue;
  return (
    <IntervalBar isStacked estimate={sampled.passAtK} unit="share" note={`k ${formatCount(sampled.k)}`} {...scale} />
  );
}
