import { type Outcome, type SearchHit, fail, recordId, succeed } from "@litmus/core";
import { z } from "zod";
import { retrievalFailure } from "../remote/search-failures.ts";

const id = z.union([z.string(), z.number()]).transform(String);
const documentSchema = z.object({
  id: id.nullish(),
  pmid: id.nullish(),
  title: z.string().nullish(),
  text: z.string().nullish(),
  contents: z.string().nullish(),
  /** Litmus' own servers tell it; what others may call so is not relied on. */
  year: z.int().nullish().catch(null),
});
const answerSchema = z.object({
  result: z.array(z.array(z.object({ document: documentSchema, score: z.number() }))),
});

export interface Asked {
  readonly queries: readonly string[];
  readonly topK: number;
  /** The most hits that the server says it gives; infinite when it does not say. */
  readonly serverTopK: number;
}

/** Hits of an answer, one list a query; a failure when the answer is another, or was cut by the server's own limit. */
export function readRetrieveAnswer(body: unknown, asked: Asked): Outcome<readonly (readonly SearchHit[])[]> {
  const { data, error } = answerSchema.safeParse(body);
  if (data === undefined) return malformed(z.prettifyError(error));
  if (data.result.length !== asked.queries.length) return malformed("it does not hold one list a query");
  const lists: SearchHit[][] = [];
  for (const list of data.result) {
    if (asked.topK > asked.serverTopK && list.length >= asked.serverTopK) return fail(cutShort(asked));
    const hits = list.slice(0, asked.topK).map(toHit);
    if (hits.includes(null)) return malformed("a document has no id, or no text");
    lists.push(hits as SearchHit[]);
  }
  return succeed(lists);
}

/** Null for a document without id or without text. */
function toHit({ document, score }: z.infer<typeof answerSchema>["result"][number][number], place: number) {
  const id = document.pmid ?? document.id;
  const text = document.text ?? null;
  const shown = text === null ? splitContents(document.contents) : { title: document.title ?? "", text };
  return id === null || id === undefined || shown === null
    ? null
    : { recordId: recordId(id), rank: place + 1, score, ...shown, ...yearOf(document) };
}

const yearOf = ({ year }: z.infer<typeof documentSchema>): { readonly year?: number } =>
  typeof year === "number" ? { year } : {};

/** Title and text of what servers without those members give: PaperSearchQA's one line, or Search-R1's title line. */
function splitContents(contents: string | null | undefined): { title: string; text: string } | null {
  if (contents === null || contents === undefined) return null;
  const line = /^TITLE: (.*?)\. ABSTRACT: (.*)$/s.exec(contents);
  if (line !== null) return { title: line[1] ?? "", text: line[2] ?? "" };
  const [first = "", ...rest] = contents.split("\n");
  if (rest.length === 0) return { title: "", text: first };
  return { title: first.replace(/^"(.*)"$/, "$1"), text: rest.join("\n") };
}

const malformed = (what: string): Outcome<never> =>
  fail(retrievalFailure("search-malformed-answer", `the server's answer cannot be read: ${what}`, false));

const cutShort = ({ topK, serverTopK }: Asked) =>
  retrievalFailure("invalid-top-k", `topK is ${topK}, and the server gives at most ${serverTopK} hits`, false);
