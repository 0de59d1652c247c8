import type { SearchHit, ShownHit } from "@litmus/core";
import { closeTag, openTag } from "../action/tags.ts";
import { cleanField } from "../text/clean-text.ts";
import { neutraliseTags } from "../text/neutralise-tags.ts";
import { joinSentences, rankSentences, type RankedSentence } from "./excerpt.ts";
import { fairShares } from "./fair-shares.ts";
import type { TextCodec } from "./text-codec.ts";

const opening = `\n${openTag("information")}\n`;
const closing = `${closeTag("information")}\n`;
const nothingFound = "No results found.\n";
const cutMark = " …";

/** Fewest tokens worth showing of one document; with less to share, the lowest ranks are left out. */
const fewestDocumentTokens = 24;

/** An information block as tokens, and what of each hit it shows. */
export interface FittedObservation<Token> {
  readonly tokens: readonly Token[];
  readonly shown: readonly ShownHit[];
}

/** What was searched for and what was found. */
export interface Found {
  readonly query: string;
  readonly hits: readonly SearchHit[];
}

/** One hit as a line: `[record id] title. text`. */
interface DocumentLine<Token> {
  readonly hit: SearchHit;
  readonly text: string;
  readonly titleStart: number;
  readonly titleEnd: number;
  readonly textStart: number;
  readonly tokens: readonly Token[];
  readonly cutAlready: boolean;
}

/** Fewest tokens in which {@link fitObservation} can show anything. */
export function fewestObservationTokens<Token>(tokenizer: TextCodec<Token>): number {
  const empty = tokenizer.encode(opening).length + tokenizer.encode(closing).length;
  return empty + Math.max(tokenizer.encode(nothingFound).length, fewestDocumentTokens);
}

/**
 * The information block of a search in at most `budget` tokens, closing tag included. Documents share the budget fairly,
 * and cannot carry the agent's tags. One that is too long keeps the sentences that say most about the query, with a mark
 * at every cut; where not even one fits, its beginning.
 * @param budget at least {@link fewestObservationTokens}
 */
export function fitObservation<Token>(
  { query, hits }: Found,
  budget: number,
  tokenizer: TextCodec<Token>,
): FittedObservation<Token> {
  const open = tokenizer.encode(opening);
  const close = tokenizer.encode(closing);
  if (hits.length === 0) return { tokens: [...open, ...tokenizer.encode(nothingFound), ...close], shown: [] };
  const mark = tokenizer.encode(cutMark);
  const newline = tokenizer.encode("\n");
  const room = budget - open.length - close.length;
  const lines = hits.map((hit) => documentLine(hit, tokenizer));
  const wants = lines.map((line) => line.tokens.length + newline.length + (line.cutAlready ? mark.length : 0));
  const shares = fairShares(wants.slice(0, shownCount(wants, room)), room);
  const tokens = [...open];
  const shown = shares.map((share, i) => {
    const line = lines[i] as DocumentLine<Token>;
    const whole = share === wants[i];
    const length = share - newline.length - mark.length;
    const kept = whole ? { tokens: line.tokens, toEnd: true } : cutLine(line, query, { length, tokenizer });
    const isMarked = !kept.toEnd || line.cutAlready;
    for (const part of [kept.tokens, isMarked ? mark : [], newline]) tokens.push(...part);
    return shownHit(line, whole ? line.text : tokenizer.decode(kept.tokens), !whole || line.cutAlready);
  });
  tokens.push(...close);
  return { tokens, shown };
}

/** How many leading documents can each have the fewest tokens worth showing; at least one. */
function shownCount(wants: readonly number[], room: number): number {
  let used = 0;
  const tooMany = wants.findIndex((want) => (used += Math.min(want, fewestDocumentTokens)) > room);
  return tooMany === -1 ? wants.length : Math.max(1, tooMany);
}

function documentLine<Token>(hit: SearchHit, tokenizer: TextCodec<Token>): DocumentLine<Token> {
  const id = cleanField(hit.recordId).text;
  const title = cleanField(hit.title);
  const text = cleanField(hit.text);
  const start = `[${id}] `;
  const heading = title.text === "" ? "" : `${title.text}${/[.?!]$/.test(title.text) ? "" : "."} `;
  const line = neutraliseTags(start + heading + text.text);
  return {
    hit,
    text: line,
    titleStart: start.length,
    titleEnd: start.length + title.text.length,
    textStart: start.length + heading.length,
    tokens: tokenizer.encode(line),
    cutAlready: title.cut || text.cut,
  };
}

/** What is kept of a line, and whether its last sentence is. */
interface CutLine<Token> {
  readonly tokens: readonly Token[];
  readonly toEnd: boolean;
}

interface Room<Token> {
  /** In tokens. */
  readonly length: number;
  readonly tokenizer: TextCodec<Token>;
}

/** As many whole sentences of a line as fit, the most telling first; the beginning of the best where it does not fit. */
function cutLine<Token>(line: DocumentLine<Token>, query: string, { length, tokenizer }: Room<Token>): CutLine<Token> {
  const heading = line.text.slice(0, line.textStart);
  const ranked = rankSentences(line.text.slice(line.textStart), query);
  // Parts that are joined anew could make a tag that neither was.
  const encode = (sentences: readonly RankedSentence[]): readonly Token[] =>
    tokenizer.encode(neutraliseTags(heading + joinSentences(sentences)));
  let chosen = ranked.slice(0, 1);
  let kept = encode(chosen);
  if (kept.length > length) return { tokens: cutTokens(kept, length, tokenizer), toEnd: false };
  for (const sentence of ranked.slice(1)) {
    const tokens = encode([...chosen, sentence]);
    if (tokens.length > length) continue;
    chosen = [...chosen, sentence];
    kept = tokens;
  }
  return { tokens: kept, toEnd: chosen.some(({ index }) => index === ranked.length - 1) };
}

/** The first tokens of a line, at most `length`, ending on a whole character. */
function cutTokens<Token>(tokens: readonly Token[], length: number, tokenizer: TextCodec<Token>): readonly Token[] {
  const kept = tokens.slice(0, Math.max(0, length));
  // A character of up to four bytes may be spread over tokens: its first bytes decode to a replacement character.
  for (let dropped = 0; dropped < 3 && tokenizer.decode(kept).endsWith("\uFFFD"); dropped++) kept.pop();
  return kept;
}

function shownHit(line: DocumentLine<unknown>, decoded: string, cut: boolean): ShownHit {
  const { recordId, rank, score, year } = line.hit;
  return {
    recordId,
    rank,
    score,
    title: decoded.slice(line.titleStart, line.titleEnd),
    ...(year === undefined ? {} : { year }),
    shownText: decoded.slice(line.textStart).trim(),
    cut,
  };
}
