import { LitmusError } from "@litmus/core";
import type { ErrorCode } from "@litmus/core";

/** An answer with a status that ends the call. */
export class StatusError extends LitmusError {
  readonly status: number;

  constructor(call: string, status: number, detail: string) {
    const { code, hint } = meanings[status] ?? { code: status >= 500 ? "unavailable" : "invalid-input", hint: null };
    super(code, `the Tinker server answered ${call} with ${status}: ${detail}`, hint === null ? {} : { hint });
    this.status = status;
  }
}

interface Meaning {
  readonly code: ErrorCode;
  readonly hint: string | null;
}

const meanings: Readonly<Record<number, Meaning>> = {
  400: { code: "invalid-input", hint: "the server understood the call and could not do it: its message says why" },
  401: { code: "invalid-config", hint: "check the API key" },
  402: { code: "unavailable", hint: "the service has paused for billing: settle it, then run the same command again" },
  403: { code: "invalid-config", hint: "check the API key" },
  404: {
    code: "not-found",
    hint: "the server does not know the model, session, result or checkpoint: was it restarted?",
  },
  409: { code: "conflict", hint: "the same name or number was used with another content: is another client at work?" },
  410: { code: "unavailable", hint: "the server lost the result: load the last saved state" },
  415: { code: "incompatible", hint: "the server speaks another form of the API than its probe said" },
  422: { code: "bug", hint: "the request does not fit this version of the API" },
  500: { code: "unavailable", hint: "the server's engine failed: restart it, then load the last saved state" },
};

/** What a body says of its error: FastAPI's `detail`, else its beginning. */
export function detailOf(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).slice(0, 2000);
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && "detail" in body) {
      return typeof body.detail === "string" ? body.detail : JSON.stringify(body.detail);
    }
  } catch {
    // Not JSON: a gateway's page, say. The text itself is the best there is.
  }
  return text;
}
