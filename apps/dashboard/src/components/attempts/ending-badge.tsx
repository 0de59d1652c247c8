import type { Ending } from "@litmus/api";
import type { ReactNode } from "react";
import { Badge } from "../layout/badge.tsx";
import type { Tone } from "../layout/badge.tsx";
import { endingLabel, endingSentence } from "./ending.ts";

function toneOf(ending: Ending): Tone {
  if (ending.type === "failed") return "bad";
  return ending.reason === "completed" ? "neutral" : "caution";
}

/** Why an episode ended: a word, and the sentence on hover. */
export function EndingBadge({ ending }: { readonly ending: Ending }): ReactNode {
  return (
    <Badge tone={toneOf(ending)} title={endingSentence(ending)}>
      {endingLabel(ending)}
    </Badge>
  );
}
