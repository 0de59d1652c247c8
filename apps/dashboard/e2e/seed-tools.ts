import { summarizeEvaluation } from "@litmus/evaluation";
import { experimentSchema } from "@litmus/experiment";
import { createVerifier, scorerVersion } from "@litmus/reward";
import type { SeedTools } from "@litmus/testing/seed";

const verifier = createVerifier();

/** The schema, the verifier and the scores of real runs. */
export const seedTools: SeedTools = {
  resolveConfig: (file) => experimentSchema.parse(file),
  verify: (trajectory, { goldenAnswers, goldRecordIds }) => verifier.verify(trajectory, goldenAnswers, goldRecordIds),
  summarize: summarizeEvaluation,
  scorer: scorerVersion,
};
