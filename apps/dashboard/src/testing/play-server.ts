/** What a played server answers, by the path of the address: anything that becomes JSON. */
export type Answers = Readonly<Record<string, (query: URLSearchParams) => unknown>>;

export interface PlayedServer {
  readonly serve: (url: URL) => Response;
  /** The addresses that were asked for, in order. */
  readonly asked: readonly string[];
}

/** A server that gives prepared answers, and refuses every other address. */
export function playServer(answers: Answers): PlayedServer {
  const asked: string[] = [];
  const serve = (url: URL): Response => {
    asked.push(`${url.pathname}${url.search}`);
    const answer = answers[url.pathname];
    if (answer !== undefined) return Response.json(answer(url.searchParams));
    const refusal = { type: "error", code: "not-found", message: "there is no such address" };
    return Response.json(refusal, { status: 404 });
  };
  return { serve, asked };
}
