import type { CompareQuery, Comparison } from "@litmus/api";
import type { ComparePageView } from "../search.ts";

/** Questions of one page of the table. */
export const questionLimit = 50;

type Choice = Comparison["choices"][number];
type Sides = Pick<ComparePageView, "from" | "to">;

/**
 * The two evaluations that are paired: those that the address names; in place of one that it does not name, the last evaluations of
 * the first two runs, or of one run its first and its last. Empty where there is none: none is paired with itself.
 */
export function sidesOf({ runs, from, to }: ComparePageView, choices: readonly Choice[]): Sides {
  const last = new Map(choices.map(({ runId, id }) => [runId, id]));
  const lasts = runs.flatMap((runId) => last.get(runId) ?? []);
  const [first, second] = lasts.length > 1 ? lasts : [choices[0]?.id, lasts[0]];
  const sides = { from: from === "" ? (first ?? "") : from, to: to === "" ? (second ?? "") : to };
  return to === "" && sides.to === sides.from ? { ...sides, to: "" } : sides;
}

/** What the server is asked for. */
export function pairedQuery(view: ComparePageView, { from, to }: Sides): Partial<CompareQuery> {
  const { runs, measure, outcome, search, offset } = view;
  return {
    runs,
    from,
    to,
    measure,
    search,
    offset,
    limit: questionLimit,
    ...(outcome === null ? {} : { outcome }),
  };
}
