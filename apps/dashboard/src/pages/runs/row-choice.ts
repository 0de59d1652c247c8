/** A choice with some ids in it, or without them; those already there keep their places. */
export function toggled(chosen: readonly string[], ids: readonly string[], isIn: boolean): string[] {
  const others = chosen.filter((id) => !ids.includes(id));
  if (!isIn) return others;
  return [...chosen, ...ids.filter((id) => !chosen.includes(id))];
}
