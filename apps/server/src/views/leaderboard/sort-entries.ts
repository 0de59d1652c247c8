import type { LeaderboardEntry, LeaderboardQuery } from "@litmus/api";

type Order = Pick<LeaderboardQuery, "sort" | "order">;

/** Entries in the order asked for: what has no value comes last either way, equals by rank, then by score, then by id. */
export function sortEntries(entries: readonly LeaderboardEntry[], { sort, order }: Order): LeaderboardEntry[] {
  const sign = order === "ascending" ? 1 : -1;
  return entries.toSorted((a, b) => sign * compare(valueOf(a, sort), valueOf(b, sort), sign) || byStanding(a, b));
}

type Value = string | number | null;

function valueOf(entry: LeaderboardEntry, sort: Order["sort"]): Value {
  switch (sort) {
    case "rank":
    case "runName":
    case "failed":
    case "createdAt":
      return entry[sort];
    case "exactMatch":
    case "goldRecall":
    case "searchesPerQuestion":
    case "tokensPerCorrect":
    case "secondsPerCorrect":
      return entry[sort].value;
    case "sampled":
      return entry.sampled?.exactMatch.value ?? null;
    default:
      return sort satisfies never;
  }
}

/** @param sign with which the result is multiplied: null comes last all the same */
function compare(a: Value, b: Value, sign: number): number {
  if (a === b) return 0;
  if (a === null) return sign;
  if (b === null) return -sign;
  return a < b ? -1 : 1;
}

function byStanding(a: LeaderboardEntry, b: LeaderboardEntry): number {
  return (
    compare(a.rank, b.rank, 1) ||
    (b.exactMatch.value ?? -1) - (a.exactMatch.value ?? -1) ||
    (a.id < b.id ? -1 : Number(a.id > b.id))
  );
}
