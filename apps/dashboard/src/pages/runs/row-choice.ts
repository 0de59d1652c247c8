/** What a row's tick does to a choice of at most so many: a row that does not fit into it wholly cannot be added. */
export function rowChoice(chosen: readonly string[], ids: readonly string[], most: number) {
  const missing = ids.filter((id) => !chosen.includes(id));
  const fits = chosen.length + missing.length <= most;
  return {
    isChosen: missing.length === 0,
    isMixed: missing.length > 0 && missing.length < ids.length,
    /** Whether it can neither be added nor taken away. */
    isClosed: !fits && missing.length === ids.length,
    press: (isIn: boolean): string[] => toggled(chosen, ids, isIn && fits),
  };
}

/** A choice with some ids in it, or without them; those already there keep their places. */
export function toggled(chosen: readonly string[], ids: readonly string[], isIn: boolean): string[] {
  const others = chosen.filter((id) => !ids.includes(id));
  if (!isIn) return others;
  return [...chosen, ...ids.filter((id) => !chosen.includes(id))];
}
