/** What goes wrong with one request. `acted`: the server carries it out all the same, and only the reply is lost. */
export type Fault =
  /** Answered with a status. */
  | { readonly type: "status"; readonly status: number; readonly acted?: boolean; readonly detail?: string }
  /** The connection breaks. */
  | { readonly type: "drop"; readonly acted: boolean }
  /** No connection is made. */
  | { readonly type: "refuse-connection" }
  /** No answer until the caller's deadline; `begun` is called when it waits. */
  | { readonly type: "hang"; readonly acted: boolean; readonly begun: () => void }
  /** A body of its own, with status 200; the request is not carried out. */
  | { readonly type: "answer"; readonly body: string | Uint8Array<ArrayBuffer>; readonly contentType?: string };

/** Faults that wait for their requests. */
export class FaultPlan {
  readonly #waiting = new Map<string, Fault[]>();

  add(path: string, faults: readonly Fault[]): void {
    this.#waiting.set(path, [...(this.#waiting.get(path) ?? []), ...faults]);
  }

  /** For the request at hand, before what waits. */
  addFirst(path: string, fault: Fault): void {
    this.#waiting.set(path, [fault, ...(this.#waiting.get(path) ?? [])]);
  }

  async apply(path: string, signal: AbortSignal | null, answer: () => Response): Promise<Response> {
    const fault = this.#waiting.get(path)?.shift();
    if (fault === undefined) return answer();
    if ("acted" in fault && fault.acted === true) answer();
    switch (fault.type) {
      case "status":
        return Response.json({ detail: fault.detail ?? "injected" }, { status: fault.status });
      case "drop":
        throw failed("ECONNRESET", "read ECONNRESET");
      case "refuse-connection":
        throw failed("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:8000");
      case "hang":
        return hang(signal, fault.begun);
      case "answer":
        return new Response(fault.body, { headers: { "content-type": fault.contentType ?? "application/json" } });
      default:
        return fault satisfies never;
    }
  }
}

/** As Node's fetch says it. */
function failed(code: string, message: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });
}

function hang(signal: AbortSignal | null, begun: () => void): Promise<Response> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => reject(new DOMException("This operation was aborted", "AbortError")), {
      once: true,
    });
    begun();
  });
}
