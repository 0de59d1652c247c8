/** Runs calls one after the other, in the order in which they came. */
export class OneAtATime {
  #latest: Promise<unknown> = Promise.resolve();

  run<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#latest.then(call, call);
    this.#latest = result.catch(() => undefined);
    return result;
  }
}
