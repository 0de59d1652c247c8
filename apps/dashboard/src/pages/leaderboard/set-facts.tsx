import type { EvaluationSet } from "@litmus/api";
import type { ReactNode } from "react";
import { Hash } from "../../components/text/hash.tsx";
import { formatCount } from "../../format/number.ts";

/** What the scores are over. */
export function SetFacts({ set }: { readonly set: EvaluationSet }): ReactNode {
  return (
    <>
      <span>{formatCount(set.questions)} questions</span>
      <span>split {set.split}</span>
      <span>
        data <Hash value={set.dataSha256} label="the data" />
      </span>
      <span>scorer {set.scorer}</span>
      <span>{set.policies === 1 ? "1 policy" : `${formatCount(set.policies)} policies`}</span>
    </>
  );
}
