import type { Failure } from "@litmus/core";
import type { EvaluationRow, Output } from "./sequence-engine.ts";

/** Something that evaluates one sequence over several ticks. */
export interface Work {
  /** Tokens left to evaluate before the next output; 1 while decoding. */
  readonly pending: number;
  readonly finished: boolean;
  /** The next tokens to evaluate, 1 to `budget` of them. Asked only while `pending` is positive. */
  next(budget: number): EvaluationRow;
  /** Takes in the evaluation of the row that `next` returned last. */
  advance(row: EvaluationRow, outputs: readonly Output[]): Promise<void>;
  fail(failure: Failure): void;
}
