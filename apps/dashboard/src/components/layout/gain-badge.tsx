import type { ReactNode } from "react";
import { Badge } from "./badge.tsx";

export interface GainBadgeProps {
  /** Whether the difference is a gain by more than chance. */
  readonly isGain: boolean;
  /** Of the difference; null where it is not known. */
  readonly ci95: { readonly high: number } | null;
}

/** What a paired difference says: a gain or a loss where its 95 % interval leaves no doubt. */
export function GainBadge({ isGain, ci95 }: GainBadgeProps): ReactNode {
  if (isGain) return <Badge tone="good">gain</Badge>;
  if (ci95 !== null && ci95.high < 0) return <Badge tone="bad">loss</Badge>;
  return <Badge>no verdict</Badge>;
}
