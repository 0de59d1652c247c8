import type { EvaluationSet } from "@litmus/api";
import type { SelectOption } from "../../components/controls/select.tsx";
import { formatCount } from "../../format/number.ts";

/** The evaluation sets to choose from; those of one name are told apart by data and scorer. */
export function setOptions(sets: readonly EvaluationSet[]): SelectOption<string>[] {
  const counts = Map.groupBy(sets, labelOf);
  return sets.map((set) => {
    const label = labelOf(set);
    const isShared = (counts.get(label)?.length ?? 0) > 1;
    return {
      value: set.id,
      label: isShared ? `${label}, data ${set.dataSha256.slice(0, 8)}, scorer ${set.scorer}` : label,
    };
  });
}

const labelOf = ({ name, split, questions }: EvaluationSet): string =>
  `${name}, ${split}, ${formatCount(questions)} questions`;
