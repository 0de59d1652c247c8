/** Markup without style attributes, and the rules that stand for them. */
export interface MovedStyles {
  readonly markup: string;
  readonly rules: string;
}

/**
 * Makes rules of the style attributes of drawn components: a policy that names the hash of a style element allows no attribute.
 * @param markup as React writes it, which escapes every quotation mark that is not its own
 * @throws Error when an attribute holds what could end its rule
 */
export function moveStyles(markup: string): MovedStyles {
  const places = new Map<string, number>();
  const moved = markup.replace(/ style="([^"]*)"/g, (_, style: string) => {
    if (/[&<>{}\\]/.test(style)) throw new Error(`a style of the report cannot be moved into a rule: ${style}`);
    const place = places.get(style) ?? places.size;
    places.set(style, place);
    return ` data-style="${place}"`;
  });
  const rules = [...places].map(([style, place]) => `[data-style="${place}"]{${style}}`);
  return { markup: moved, rules: rules.join("\n") };
}
