/** The best documents of a search, best first. */
export interface ScoredDocument {
  readonly document: number;
  readonly score: number;
}

/** Keeps the k best by score, then by lower document number, in a heap whose root is the worst of them. */
export class TopHits {
  readonly #limit: number;
  readonly #heap: ScoredDocument[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  offer(document: number, score: number): void {
    const heap = this.#heap;
    if (heap.length < this.#limit) {
      heap.push({ document, score });
      this.#siftUp(heap.length - 1);
      return;
    }
    const worst = heap[0] as ScoredDocument;
    if (score < worst.score || (score === worst.score && document > worst.document)) return;
    heap[0] = { document, score };
    this.#siftDown(0);
  }

  sorted(): ScoredDocument[] {
    return this.#heap.toSorted((a, b) => (isWorse(a, b) ? 1 : -1));
  }

  #siftUp(start: number): void {
    for (let at = start; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!isWorse(this.#at(at), this.#at(parent))) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #siftDown(start: number): void {
    for (let at = start; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let worst = at;
      if (left < this.#heap.length && isWorse(this.#at(left), this.#at(worst))) worst = left;
      if (right < this.#heap.length && isWorse(this.#at(right), this.#at(worst))) worst = right;
      if (worst === at) return;
      this.#swap(at, worst);
      at = worst;
    }
  }

  #at(index: number): ScoredDocument {
    return this.#heap[index] as ScoredDocument;
  }

  #swap(a: number, b: number): void {
    const first = this.#at(a);
    this.#heap[a] = this.#at(b);
    this.#heap[b] = first;
  }
}

function isWorse(a: ScoredDocument, b: ScoredDocument): boolean {
  return a.score === b.score ? a.document > b.document : a.score < b.score;
}
