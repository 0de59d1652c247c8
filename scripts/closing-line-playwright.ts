import type { Reporter, Suite } from "@playwright/test/reporter";

/** As `closing-line-reporter.ts`, for the tests in a browser. */
export default class ClosingLinePlaywright implements Reporter {
  #suite: Suite | null = null;
  #errors = 0;

  onBegin(_config: unknown, suite: Suite): void {
    this.#suite = suite;
  }

  /** Errors outside the tests: a file that cannot be loaded, a worker that ended. */
  onError(): void {
    this.#errors += 1;
  }

  onExit(): Promise<void> {
    const outcomes = this.#suite?.allTests().map((test) => test.outcome()) ?? [];
    const count = (outcome: (typeof outcomes)[number]): number => outcomes.filter((each) => each === outcome).length;
    for (const reason of this.#skipReasons()) process.stdout.write(`\nskipped: ${reason}\n`);
    const failed = count("unexpected") + count("flaky") + this.#errors;
    process.stdout.write(`\n${count("expected")} passed, ${failed} failed, ${count("skipped")} skipped\n`);
    return Promise.resolve();
  }

  #skipReasons(): Set<string> {
    const tests = this.#suite?.allTests().filter((test) => test.outcome() === "skipped") ?? [];
    const notes = tests.flatMap((test) => test.results.flatMap(({ annotations }) => annotations));
    return new Set(notes.flatMap(({ type, description }) => (type === "skip" ? [description ?? "no reason"] : [])));
  }

  /** The list of the tests is another reporter's. */
  printsToStdio(): boolean {
    return false;
  }
}
