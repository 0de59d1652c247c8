import { createLeadTable } from "@litmus/algorithms";

export interface Ranked {
  /** 1 + the policies that lead over this one. */
  readonly rank: number;
  /** How many others have the same rank. */
  readonly ties: number;
}

const leads = createLeadTable();
const kept = 8;
const known = new Map<string, readonly Ranked[]>();

/**
 * Ranks policies by the questions that each pair of them was scored on: one leads over another where their paired difference
 * has its whole interval above 0.
 * @param outcomes of policies of which something was scored, of each policy one character a question, of the same questions in the same order: 1 right, 0 wrong, - not scored
 */
export function rankPolicies(outcomes: readonly string[]): readonly Ranked[] {
  const key = outcomes.map((each) => `${each}\n`).join("");
  const found = known.get(key) ?? rank(outcomes);
  known.delete(key);
  known.set(key, found);
  const [oldest] = known.keys();
  if (known.size > kept && oldest !== undefined) known.delete(oldest);
  return found;
}

function rank(outcomes: readonly string[]): Ranked[] {
  const ranks = new Int32Array(outcomes.length).fill(1);
  const questions = packQuestions(outcomes);
  for (let one = 0; one < outcomes.length; one++) {
    for (let other = one + 1; other < outcomes.length; other++) {
      const { n, wins, losses } = comparePair(questions, one, other);
      if (leads.isLead(n, wins, losses)) ranks[one] = (ranks[one] ?? 0) + 1;
      else if (leads.isLead(n, losses, wins)) ranks[other] = (ranks[other] ?? 0) + 1;
    }
  }
  const sharing = Map.groupBy(ranks, (each) => each);
  return Array.from(ranks, (each) => ({ rank: each, ties: (sharing.get(each)?.length ?? 1) - 1 }));
}

/** 32 questions a word, `words` of them a policy. */
interface PackedQuestions {
  readonly words: number;
  readonly right: Int32Array;
  readonly scored: Int32Array;
}

function packQuestions(outcomes: readonly string[]): PackedQuestions {
  const words = Math.ceil(Math.max(0, ...outcomes.map(({ length }) => length)) / 32);
  const right = new Int32Array(words * outcomes.length);
  const scored = new Int32Array(words * outcomes.length);
  for (const [policy, text] of outcomes.entries()) {
    for (let question = 0; question < text.length; question++) {
      if (text[question] === "-") continue;
      const word = policy * words + (question >> 5);
      const bit = 1 << (question & 31);
      scored[word] = (scored[word] ?? 0) | bit;
      if (text[question] === "1") right[word] = (right[word] ?? 0) | bit;
    }
  }
  return { words, right, scored };
}

/** Wins and losses are the other's. */
function comparePair({ words, right, scored }: PackedQuestions, one: number, other: number) {
  const pair = { n: 0, wins: 0, losses: 0 };
  for (let word = 0; word < words; word++) {
    const [i, j] = [one * words + word, other * words + word];
    const both = (scored[i] ?? 0) & (scored[j] ?? 0);
    pair.n += bitCount(both);
    pair.wins += bitCount((right[j] ?? 0) & ~(right[i] ?? 0) & both);
    pair.losses += bitCount((right[i] ?? 0) & ~(right[j] ?? 0) & both);
  }
  return pair;
}

/** @see H. S. Warren, Hacker's Delight, 2nd edition (2012), section 5–1 */
function bitCount(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
