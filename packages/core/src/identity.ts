import { z } from "zod";

/** A value of type T that cannot be mixed with another T: the name exists at compile time only. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };

/** One run of one experiment. Lower-case letters, digits, dashes. */
export type RunId = Brand<string, "RunId">;
/** One problem; unique over all data sets of a run. */
export type ProblemId = Brand<string, "ProblemId">;
/** One record of the corpus: a PMID, or an id of a self-written corpus. */
export type RecordId = Brand<string, "RecordId">;
/** One stored trajectory: derived from its rollout key, never random. */
export type TrajectoryId = Brand<string, "TrajectoryId">;
/** 0 is the base policy; each published adapter is one higher. */
export type PolicyVersion = Brand<number, "PolicyVersion">;
/** Lower-case hexadecimal SHA-256. */
export type Sha256 = Brand<string, "Sha256">;

const runIdPattern = /^[a-z0-9][a-z0-9-]{0,79}$/;

/** @throws z.ZodError when the text is not a run id (lower-case letters, digits and dashes, at most 80). */
export function runId(text: string): RunId {
  return z.string().regex(runIdPattern, "a run id holds lower-case letters, digits and dashes").parse(text) as RunId;
}

export const problemId = (text: string): ProblemId => text as ProblemId;
export const recordId = (text: string): RecordId => text as RecordId;
export const policyVersion = (version: number): PolicyVersion => version as PolicyVersion;
