import type { TokenPage, TurnView } from "@litmus/api";

/** Tokens [start, end) with one writer. */
export type TokenSection = TokenPage["segments"][number];

/** Who wrote which tokens: the prompt, then the actions, and between and after them what the environment showed. */
export function tokenSections(turns: readonly TurnView[], total: number): TokenSection[] {
  const sections: TokenSection[] = [];
  let end = 0;
  const close = (until: number, turn: number): void => {
    const kind = sections.length === 0 ? "prompt" : "observation";
    if (until > end) sections.push({ kind, start: end, end: until, turn });
  };
  for (const { tokens, index } of turns) {
    if (tokens === null) continue;
    close(tokens.start, index);
    if (tokens.end > tokens.start) sections.push({ kind: "action", start: tokens.start, end: tokens.end, turn: index });
    end = tokens.end;
  }
  close(total, turns.at(-1)?.index ?? 0);
  return sections;
}
