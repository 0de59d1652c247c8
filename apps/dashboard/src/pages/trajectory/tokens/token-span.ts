/** Tokens from the first to the last, both included. */
export interface TokenSpan {
  readonly first: number;
  readonly last: number;
}

/** The span that an address names, `120-180`, in whichever order; null where none is named. */
export function readSpan(text: string | null): TokenSpan | null {
  if (text === null) return null;
  const [a = 0, b = 0] = text.split("-").map(Number);
  return { first: Math.min(a, b), last: Math.max(a, b) };
}

export const writeSpan = ({ first, last }: TokenSpan): string => `${first}-${last}`;
