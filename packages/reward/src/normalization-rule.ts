/** One named, pure step of a normalisation: text in, text out. */
export interface NormalizationRule {
  /** Kebab-case, stable: an ablation names it. */
  readonly name: string;
  readonly apply: (text: string) => string;
}

/** Far above what any text needs; a bound, so that no text can hold the scorer. */
const maxPasses = 8;

/**
 * A normaliser made of rules, applied in order until the text no longer changes: its normal forms are fixed points.
 * Leave a rule out to measure what it does.
 */
export function normalizeWith(rules: readonly NormalizationRule[]): (text: string) => string {
  const pass = (text: string): string => rules.reduce((current, rule) => rule.apply(current), text);
  return (text) => {
    let current = text;
    for (let i = 0; i < maxPasses; i++) {
      const next = pass(current);
      if (next === current) return next;
      current = next;
    }
    return current;
  };
}
