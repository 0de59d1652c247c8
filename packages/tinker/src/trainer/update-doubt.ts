/** @file What is not known after an update that failed. */
import { LitmusError } from "@litmus/core";
import { LostReply } from "../http/lost-reply.ts";

/** Nothing reached the server: the update can be tried again as it is. */
export const isNeverSent = (error: unknown): boolean => error instanceof LostReply && !error.mayHaveActed;

/** The server may have learned all, part or nothing of an update. */
export function inDoubt(cause: unknown): LitmusError {
  return new LitmusError("conflict", "the weights on the server are in doubt after a failed update", {
    hint: "load the last saved state: it gets a model of its own",
    cause,
  });
}

/** @throws LitmusError `gate-failed`: the server has taken the step all the same */
export function checkNorm(gradientNorm: number, bound: number): void {
  if (gradientNorm <= bound && Number.isFinite(gradientNorm)) return;
  throw new LitmusError(
    "gate-failed",
    `the server took a step with a gradient norm of ${gradientNorm}, above ${bound}`,
    {
      path: "maxGradientNorm",
      hint: "load the last saved state; then lower the learning rate, or raise the bound",
    },
  );
}
