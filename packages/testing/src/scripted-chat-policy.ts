import {
  chatIdentity,
  cutAtStopText,
  fail,
  refusedChatRequest,
  succeed,
  type ChatPolicy,
  type ChatReply,
  type ChatRequest,
  type Failure,
  type Outcome,
} from "@litmus/core";

/** A reply of a script; what is left out is nothing, and a reply that ended by itself. */
export type ScriptedReply = Partial<Pick<ChatReply, "text" | "calls" | "stop" | "usage">>;

export interface ScriptedChatPolicy extends ChatPolicy {
  readonly requests: ChatRequest[];
}

export interface ScriptedChatOptions {
  /** A pure function of the request, or a failure. */
  readonly script: (request: ChatRequest) => ScriptedReply | Failure;
  readonly traits?: Partial<Pick<ChatPolicy, "acceptedParts" | "takesTools" | "contextTokens">>;
  /** Milliseconds that a reply takes, 0 by default; Infinity answers only to the signal. */
  readonly latencyMs?: number;
}

/** A chat policy without a model: replies are a pure function of the request. */
export function createScriptedChatPolicy({ script, traits, latencyMs = 0 }: ScriptedChatOptions): ScriptedChatPolicy {
  const identity = chatIdentity("scripted");
  const requests: ChatRequest[] = [];
  let isClosed = false;
  const policy: ScriptedChatPolicy = {
    acceptedParts: ["text"],
    takesTools: true,
    takesTemperature: true,
    contextTokens: 100_000,
    ...traits,
    requests,
    identity: () => identity,
    respond: async (request, signal) => {
      const refused = refusedChatRequest(request, policy);
      if (refused !== null) return fail(refused);
      if (isClosed) return fail(closed);
      requests.push(request);
      if (!(await waited(latencyMs, signal))) return fail(aborted);
      return replyOf(script(request), request, identity);
    },
    close: async () => void (isClosed = true),
  };
  return policy;
}

function replyOf(
  scripted: ScriptedReply | Failure,
  { stopTexts }: ChatRequest,
  policy: ChatReply["policy"],
): Outcome<ChatReply> {
  if ("boundary" in scripted) return fail(scripted);
  const { text = "", calls = [], stop = "ended", usage = null } = scripted;
  const cut = cutAtStopText(text, stopTexts);
  const original = cut === null || cut === text ? scripted : null;
  return succeed({ text: cut ?? text, calls, stop: cut === null ? stop : "stop-text", original, policy, usage });
}

/** Whether the time passed before the signal came. */
async function waited(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  if (signal?.aborted === true) return false;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = Number.isFinite(ms) ? setTimeout(() => resolve(true), ms) : undefined;
  signal?.addEventListener("abort", () => resolve(false), { once: true });
  const isOver = await promise;
  clearTimeout(timer);
  return isOver;
}

const closed: Failure = { boundary: "policy", code: "policy-closed", message: "closed", retryable: false };
const aborted: Failure = { boundary: "timeout", code: "aborted", message: "aborted", retryable: true };
