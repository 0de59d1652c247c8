type Work<Event> = (emit: (event: Event) => void, signal: AbortSignal) => Promise<void>;

/**
 * What the work emits, as it emits it; the iteration ends, or throws, with the work.
 * Leaving the loop early aborts the work's signal and waits for it to end.
 */
export async function* iterateEvents<Event>(
  external: AbortSignal | undefined,
  work: Work<Event>,
): AsyncGenerator<Event, void, undefined> {
  const controller = new AbortController();
  const signal = external === undefined ? controller.signal : AbortSignal.any([external, controller.signal]);
  const waiting: Event[] = [];
  let wake = Promise.withResolvers<void>();
  let ended = false;
  const emit = (event: Event): void => {
    waiting.push(event);
    wake.resolve();
  };
  const done = work(emit, signal).finally(() => {
    ended = true;
    wake.resolve();
  });
  // A failure is thrown below, once what was emitted before it has been read; until then nobody listens.
  void done.catch(() => undefined);
  try {
    for (;;) {
      while (waiting.length > 0) yield waiting.shift() as Event;
      if (ended) break;
      await wake.promise;
      wake = Promise.withResolvers<void>();
    }
  } finally {
    controller.abort();
    await done;
  }
}
