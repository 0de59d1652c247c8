import type { Catalogue } from "../../reads/run-catalogue.ts";

/** Keeps the questions that people asked: no experiment can have its name. */
const askedQuestions = "ask";

const known = new WeakMap<Catalogue, Catalogue>();

/** The runs that are experiments. The same list for the same catalogue. */
export function experimentsOf(catalogue: Catalogue): Catalogue {
  const found = known.get(catalogue) ?? catalogue.filter(({ run }) => run.id !== askedQuestions);
  known.set(catalogue, found);
  return found;
}
