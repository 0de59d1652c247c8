/** Words that stand in both texts, in the first alone or in the second alone. */
export interface WordRun {
  readonly type: "both" | "removed" | "added";
  readonly words: readonly string[];
}

/** Longer texts are compared as a whole: the comparison takes time by the product of their words. */
const mostWords = 400;

/** How to come from the first text to the second, word by word, with as few changes as possible. */
export function wordDifference(first: string, second: string): WordRun[] {
  const before = wordsOf(first);
  const after = wordsOf(second);
  if (before.length > mostWords || after.length > mostWords)
    return runsOf(
      first === second
        ? before.map((word) => ["both", word])
        : [...before.map((word): Step => ["removed", word]), ...after.map((word): Step => ["added", word])],
    );
  return runsOf(steps(before, after, commonLengths(before, after)));
}

type Step = readonly [type: WordRun["type"], word: string];

const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");

/** Length of the longest common subsequence of what is left from each pair of places on. */
function commonLengths(before: readonly string[], after: readonly string[]): number[][] {
  const lengths = Array.from({ length: before.length + 1 }, () => Array.from({ length: after.length + 1 }, () => 0));
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1)
      rowOf(lengths, i)[j] =
        before[i] === after[j]
          ? lengthAt(lengths, i + 1, j + 1) + 1
          : Math.max(lengthAt(lengths, i + 1, j), lengthAt(lengths, i, j + 1));
  return lengths;
}

const rowOf = (lengths: number[][], i: number): number[] => lengths[i] ?? [];
const lengthAt = (lengths: number[][], i: number, j: number): number => lengths[i]?.[j] ?? 0;

function steps(before: readonly string[], after: readonly string[], lengths: number[][]): Step[] {
  const path: Step[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, fresh] = [before[i], after[j]];
    if (old !== undefined && old === fresh) {
      path.push(["both", old]);
      i += 1;
      j += 1;
    } else if (
      old !== undefined &&
      (fresh === undefined || lengthAt(lengths, i + 1, j) >= lengthAt(lengths, i, j + 1))
    ) {
      path.push(["removed", old]);
      i += 1;
    } else if (fresh !== undefined) {
      path.push(["added", fresh]);
      j += 1;
    }
  }
  return path;
}

function runsOf(path: readonly Step[]): WordRun[] {
  const runs: { type: WordRun["type"]; words: string[] }[] = [];
  for (const [type, word] of path) {
    const last = runs.at(-1);
    if (last?.type === type) last.words.push(word);
    else runs.push({ type, words: [word] });
  }
  return runs;
}
