import { errors } from "@elastic/elasticsearch";
import { type CorpusRecord, type Outcome, type RecordId, fail, succeed } from "@litmus/core";
import { z } from "zod";
import { retrievalFailure } from "../remote/search-failures.ts";
import type { BatchTarget } from "./search-batch.ts";
import { failureOfError } from "./server-errors.ts";

const documentSchema = z.object({
  _source: z.object({ title: z.string(), text: z.string(), year: z.number().nullish() }),
});
const missingSchema = z.object({ found: z.literal(false) });

/** The record with this id, or null. Does not reject. */
export async function readRecord(
  { client, index, timeoutMs }: Pick<BatchTarget, "client" | "index" | "timeoutMs">,
  id: RecordId,
  signal: AbortSignal,
): Promise<Outcome<CorpusRecord | null>> {
  try {
    const body: unknown = await client.get({ index, id }, { signal, requestTimeout: timeoutMs });
    const document = documentSchema.safeParse(body);
    if (!document.success) return fail(malformed(z.prettifyError(document.error)));
    const { title, text, year } = document.data._source;
    return succeed({ id, title, text, year: year ?? null });
  } catch (error) {
    return isMissing(error) ? succeed(null) : fail(failureOfError(error));
  }
}

/** An index that is gone answers 404 too, but not so. */
const isMissing = (error: unknown): boolean =>
  error instanceof errors.ResponseError && error.statusCode === 404 && missingSchema.safeParse(error.body).success;

const malformed = (what: string) =>
  retrievalFailure("search-malformed-answer", `the server's answer cannot be read: ${what}`, false);
