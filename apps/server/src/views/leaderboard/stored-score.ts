import { sha256, type EvaluationRecord } from "@litmus/core";
import { z } from "zod";

const share = z.number().min(0).max(1);
const interval = z.object({ low: z.number(), high: z.number() });
const scoreShape = { n: z.int().min(0), exactMatch: share.nullable(), ci95: interval };

/** Of a stored evaluation what the lists need: the schema is loose, so that results of other versions are read too. */
const resultSchema = z.object({
  ...scoreShape,
  failed: z.int().min(0),
  sampled: z
    .object({
      ...scoreShape,
      k: z.int(),
      failed: z.int().min(0),
      passAtK: share.nullable(),
      completeQuestions: z.int().min(0).optional(),
    })
    .nullable(),
  searchesPerEpisode: z.number().nullable(),
  goldRecall: share.nullable(),
  goldQuestions: z.int().min(0).optional(),
  sampledTokens: z.number().nullable(),
  byCategory: z.record(z.string(), z.object(scoreShape)),
  scorer: z.string().nullable(),
  chosenOn: z.string().optional(),
  perQuestion: z.array(z.object({ problemId: z.string(), greedy: z.union([z.literal(0), z.literal(1), z.null()]) })),
});

export interface StoredScore extends z.infer<typeof resultSchema> {
  /** Hash over the questions' ids, in their order. */
  readonly questionsSha256: string;
  /** One character a question: 1 right, 0 wrong, - not scored. */
  readonly outcomes: string;
}

const known = new WeakMap<EvaluationRecord, StoredScore | null>();

/** The scores of an evaluation; null of a result in a form that no version of Litmus wrote, which is no score. */
export function storedScore(record: EvaluationRecord): StoredScore | null {
  const found = known.get(record);
  if (found !== undefined) return found;
  const parsed = resultSchema.safeParse(record.result);
  const score = parsed.success ? withOutcomes(parsed.data) : null;
  known.set(record, score);
  return score;
}

function withOutcomes(result: z.infer<typeof resultSchema>): StoredScore {
  const { perQuestion } = result;
  return {
    ...result,
    questionsSha256: sha256(JSON.stringify(perQuestion.map(({ problemId }) => problemId))),
    outcomes: perQuestion.map(({ greedy }) => greedy ?? "-").join(""),
  };
}
