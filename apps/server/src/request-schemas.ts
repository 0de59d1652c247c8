import { LitmusError, problemId, rolloutPurposes } from "@litmus/core";
import type { Page, RunId, SummaryFilter, TrajectoryFilter, TrajectoryId } from "@litmus/core";
import { z } from "zod";

/** Trajectories of one answer, at most. */
export const maxPageSize = 100;
/** Summaries of one answer, at most. */
export const maxSummaries = 1000;
/** Runs of one request, at most: its address stays below 8 KiB. */
export const maxRuns = 90;
/** Bytes of a request's body, at most. */
export const maxBodyBytes = 16_384;

const largest = 2 ** 31 - 1;
const whole = z
  .string()
  .regex(/^\d{1,10}$/, "not a whole number")
  .transform(Number)
  .pipe(z.int().max(largest));
const shortText = z.string().min(1).max(200);
const filterShape = {
  stage: shortText.optional(),
  step: whole.optional(),
  purpose: z.enum(rolloutPurposes).optional(),
  problemId: shortText.optional(),
};
const filterSchema = z.strictObject(filterShape);
const pageSchema = z.strictObject({
  ...filterShape,
  offset: whole.default(0),
  limit: whole.pipe(z.int().min(1).max(maxPageSize)).default(20),
});
const summaryPageSchema = z.strictObject({
  ...filterShape,
  isFailed: z.stringbool({ truthy: ["true"], falsy: ["false"] }).optional(),
  offset: whole.default(0),
  limit: whole.pipe(z.int().min(1).max(maxSummaries)).default(maxSummaries),
});
const splitSchema = z.strictObject({ split: shortText.optional() });
const runIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/, "not a run id");
const trajectoryIdSchema = z.string().regex(/^[0-9a-f]{32}$/, "not a trajectory id");
const runsSchema = z.strictObject({
  runs: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(runIdSchema).max(maxRuns)),
});

/** @throws LitmusError `invalid-input` */
export const readRunId = (text: string): RunId => check(runIdSchema, text) as RunId;
/** @throws LitmusError `invalid-input` */
export const readTrajectoryId = (text: string): TrajectoryId => check(trajectoryIdSchema, text) as TrajectoryId;
/** @throws LitmusError `invalid-input` */
export const readProblemId = (text: string): ReturnType<typeof problemId> => problemId(check(shortText, text));

/** The runs that a request asks about. @throws LitmusError `invalid-input` */
export const readRunIds = (query: Readonly<Record<string, string>>): readonly RunId[] =>
  check(runsSchema, query).runs as RunId[];
/** The part of the problems that a request asks for; undefined = all. @throws LitmusError `invalid-input` */
export const readSplit = (query: Readonly<Record<string, string>>): string | undefined =>
  check(splitSchema, query).split;

/** A filter of one run. @throws LitmusError `invalid-input` on any other parameter */
export function readFilter(runId: RunId, query: Readonly<Record<string, string>>): TrajectoryFilter {
  return toFilter(runId, check(filterSchema, query));
}

/** A filter of one run, and which page of it. @throws LitmusError `invalid-input` on any other parameter */
export function readPage(
  runId: RunId,
  query: Readonly<Record<string, string>>,
): { filter: TrajectoryFilter; page: Page } {
  const { offset, limit, ...rest } = check(pageSchema, query);
  return { filter: toFilter(runId, rest), page: { offset, limit } };
}

const namesSchema = z.strictObject({ name: z.array(shortText).max(1_000).default([]) });

/** Names that were asked for. @throws LitmusError `invalid-input` on any other parameter */
export const readNames = (query: Readonly<Record<string, readonly string[]>>): readonly string[] =>
  check(namesSchema, query).name;

/** As {@link readPage}, of summaries. @throws LitmusError `invalid-input` on any other parameter */
export function readSummaryPage(
  runId: RunId,
  query: Readonly<Record<string, string>>,
): { filter: SummaryFilter; page: Page } {
  const { offset, limit, isFailed, ...rest } = check(summaryPageSchema, query);
  const filter = { ...toFilter(runId, rest), ...(isFailed === undefined ? {} : { isFailed }) };
  return { filter, page: { offset, limit } };
}

function toFilter(
  runId: RunId,
  { stage, step, purpose, problemId: problem }: z.infer<typeof filterSchema>,
): TrajectoryFilter {
  return {
    runId,
    ...(stage === undefined ? {} : { stage }),
    ...(step === undefined ? {} : { step }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(problem === undefined ? {} : { problemId: problemId(problem) }),
  };
}

/** The message names what was expected, and never repeats what came. */
function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const isUnknownKey = issue?.code === "unrecognized_keys";
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  throw new LitmusError(
    "invalid-input",
    isUnknownKey ? "unknown parameter" : `${where}${issue?.message ?? "not valid"}`,
    {
      hint: "GET /store/runs, /store/runs/:id, /store/runs/:id/trajectories?stage&step&purpose&offset&limit",
    },
  );
}
