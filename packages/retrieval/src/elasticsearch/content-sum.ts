import { type CorpusRecord, type Sha256, canonicalJson, sha256 } from "@litmus/core";

const modulus = 1n << 256n;

/**
 * A hash of a set of records that can be taken in any order and in parts: the sum of their SHA-256, modulo 2^256. It
 * tells different corpora apart; it does not hold against someone who makes records to collide.
 * @see M. Bellare, D. Micciancio, A New Paradigm for Collision-Free Hashing, EUROCRYPT 1997 (AdHash)
 */
export class ContentSum {
  #sum: bigint;

  /** @param text what `toString` gave */
  constructor(text = "0") {
    this.#sum = BigInt(`0x${text}`);
  }

  add({ id, title, text, year }: CorpusRecord): void {
    this.#sum = (this.#sum + BigInt(`0x${sha256(JSON.stringify([id, title, text, year]))}`)) % modulus;
  }

  toString(): string {
    return this.#sum.toString(16);
  }
}

/** Identity of an index over these records. */
export function indexIdOf(format: string, documents: number, contentSum: string): Sha256 {
  return sha256(canonicalJson({ format, documents, contentSum }));
}
