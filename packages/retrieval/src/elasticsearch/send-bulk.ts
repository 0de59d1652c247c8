import { type Client, errors } from "@elastic/elasticsearch";
import { type CorpusRecord, type IndexInfo, LitmusError, type Outcome, fail, succeed } from "@litmus/core";
import { z } from "zod";
import { retrievalFailure } from "../remote/search-failures.ts";
import { recordIdProblem, toDocument } from "./index-layout.ts";
import { isRetryableStatus } from "../remote/status-failures.ts";
import { failureOfError, toServerError } from "./server-errors.ts";

export interface BulkTarget {
  readonly client: Client;
  readonly index: string;
  readonly idSpace: IndexInfo["idSpace"];
  /** For one request, in milliseconds. */
  readonly timeoutMs: number;
}

type Loaded = Outcome<"loaded">;

const errorSchema = z.object({ type: z.string(), reason: z.string().nullish() });
const answerSchema = z.object({
  items: z.array(z.object({ index: z.object({ status: z.int(), error: errorSchema.optional() }) })),
});

/**
 * Sends records in one request (`_bulk`): one outcome a record, in order. A record replaces the one with its id, so
 * sending twice does no harm. A failure that is not retryable is a rejected record.
 * @throws LitmusError when the server refuses the whole request: `incompatible`, `invalid-config`, `invalid-input`, `not-found`
 */
export async function sendBulk(
  target: BulkTarget,
  records: readonly CorpusRecord[],
  signal: AbortSignal,
): Promise<readonly Loaded[]> {
  const problems = records.map((record) => recordIdProblem(record.id, target.idSpace));
  const valid = records.filter((_, place) => problems[place] === null);
  const sent = valid.length === 0 ? [] : await request(target, valid, signal);
  let next = 0;
  return problems.map((problem) =>
    problem === null ? (sent[next++] as Loaded) : fail(retrievalFailure("invalid-id", problem, false)),
  );
}

async function request(
  { client, index, timeoutMs }: BulkTarget,
  records: readonly CorpusRecord[],
  signal: AbortSignal,
): Promise<readonly Loaded[]> {
  const operations = records.flatMap((record) => [{ index: { _id: record.id } }, toDocument(record)]);
  try {
    const body: unknown = await client.bulk({ index, operations }, { signal, requestTimeout: timeoutMs });
    const answer = answerSchema.safeParse(body);
    if (answer.success && answer.data.items.length === records.length) return answer.data.items.map(toOutcome);
    throw new LitmusError("incompatible", `the server's answer to a bulk request of ${records.length} cannot be read`, {
      hint: "Check that the address is the search server's own.",
    });
  } catch (error) {
    if (!(error instanceof errors.ElasticsearchClientError)) throw error;
    const failure = failureOfError(error);
    if (!failure.retryable) throw toServerError(error, `loading records into ${index}`);
    return records.map(() => fail(failure));
  }
}

function toOutcome({ index: { status, error } }: z.infer<typeof answerSchema>["items"][number]): Loaded {
  if (error === undefined && status < 300) return succeed("loaded");
  const message = error === undefined ? `status ${status}` : `${error.type}: ${error.reason ?? "no reason given"}`;
  return fail(retrievalFailure("record-rejected", message, isRetryableStatus(status)));
}
