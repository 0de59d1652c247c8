import type { TokenSection } from "./token-sections.ts";

/** Tokens of a row, at most; rows begin at multiples of it, so that none reaches over two pages of tokens. */
export const rowTokens = 100;
/** Tokens fetched at once; a multiple of {@link rowTokens}. */
export const pageTokens = 4000;

/** A line of the token view: the head of a section, or tokens [start, end) of it. */
export type TokenRow =
  | { readonly type: "head"; readonly section: TokenSection }
  | { readonly type: "tokens"; readonly section: TokenSection; readonly start: number; readonly end: number };

/** All lines of the token view, in order. */
export function tokenRows(sections: readonly TokenSection[]): TokenRow[] {
  const rows: TokenRow[] = [];
  for (const section of sections) {
    rows.push({ type: "head", section });
    for (let start = section.start; start < section.end;) {
      const end = Math.min(section.end, (Math.floor(start / rowTokens) + 1) * rowTokens);
      rows.push({ type: "tokens", section, start, end });
      start = end;
    }
  }
  return rows;
}

/** The place of the row that holds a token; -1 where there is none. */
export function rowOfToken(rows: readonly TokenRow[], token: number): number {
  let [low, high] = [0, rows.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row === undefined) return -1;
    // A head stands before all tokens of its section.
    const [start, end] = row.type === "head" ? [row.section.start, row.section.start] : [row.start, row.end];
    if (row.type === "tokens" && token >= start && token < end) return middle;
    if (token < start) high = middle - 1;
    else low = middle + 1;
  }
  return -1;
}

/** The page of tokens that a token is on, from 0. */
export const pageOfToken = (token: number): number => Math.floor(token / pageTokens);

const tokenPx = 44;
const linePx = 25;
const narrowestPx = 260;

/** About how high so many tokens are on lines of a width, in pixels. */
export const estimateRowPx = (tokens: number, widthPx: number): number =>
  Math.ceil((tokens * tokenPx) / Math.max(widthPx, narrowestPx)) * linePx + 8;
