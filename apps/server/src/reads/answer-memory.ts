/** Texts of answers by their tags, which no other text has. */
export interface AnswerMemory {
  /** The text of an earlier answer with this tag, or of `make`; one that rejects is not kept. */
  get(tag: string, make: () => Promise<string>): Promise<string>;
}

/** @param limit characters kept; the answer that was not asked for longest goes first */
export function createAnswerMemory(limit: number): AnswerMemory {
  const kept = new Map<string, string>();
  let size = 0;
  const forget = (tag: string): void => {
    size -= kept.get(tag)?.length ?? 0;
    kept.delete(tag);
  };
  const keep = (tag: string, text: string): void => {
    forget(tag);
    kept.set(tag, text);
    size += text.length;
    for (const oldest of kept.keys()) {
      if (size <= limit) break;
      forget(oldest);
    }
  };
  return {
    get: async (tag, make) => {
      const text = kept.get(tag) ?? (await make());
      keep(tag, text);
      return text;
    },
  };
}
