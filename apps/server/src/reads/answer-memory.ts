import { createRecent } from "./recent.ts";

/** Texts of answers by their tags, which no other text has. */
export interface AnswerMemory {
  /** The text of an earlier answer with this tag, or of `make`; one that rejects is not kept. */
  get(tag: string, make: () => Promise<string>): Promise<string>;
}

/** @param limit characters kept; the answer that was not asked for longest goes first */
export function createAnswerMemory(limit: number): AnswerMemory {
  const kept = createRecent<string, string>(limit, ({ length }) => length);
  return {
    get: async (tag, make) => {
      const known = kept.get(tag);
      if (known !== undefined) return known;
      const text = await make();
      kept.set(tag, text);
      return text;
    },
  };
}
