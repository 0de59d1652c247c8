/** @file JSON in which every number comes back as it was: a failed episode may hold log-probabilities that are not finite. */

const marker = "$number";

/** Plain data as JSON text. */
export function toExactJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "number" && (!Number.isFinite(part) || Object.is(part, -0))
      ? { [marker]: Object.is(part, -0) ? "-0" : String(part) }
      : part,
  );
}

/** The data of {@link toExactJson}. @throws SyntaxError when the text is no JSON */
export function fromExactJson(text: string): unknown {
  return JSON.parse(text, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || !(marker in part)) return part;
    return Number(part[marker]);
  });
}
