import { isNeverReached, LostReply } from "./lost-reply.ts";
import { detailOf, StatusError } from "./status-error.ts";
import type { Time } from "./time.ts";

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface HttpOptions {
  /** Without `/api/v1`. */
  readonly url: string;
  /** Sent as `X-API-Key`; null = none. */
  readonly apiKey: string | null;
  readonly fetch: Fetch;
  readonly time: Time;
  /** Longest wait for the answer to one request. */
  readonly timeoutMs: number;
  /** How long a request is tried again where that is safe. */
  readonly patienceMs: number;
}

export interface HttpRequest {
  readonly method: "GET" | "POST";
  /** From the server's root on. */
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
  readonly accept?: string;
  /** The options' by default. */
  readonly timeoutMs?: number;
  /** `safe`: sent again when its reply is lost. `never`: only when it certainly did not reach the server. */
  readonly repeat: "safe" | "never";
  /** Statuses that are answers to this request, besides 200 to 299. */
  readonly expect?: readonly number[];
}

export interface HttpReply {
  readonly status: number;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** Not accepted, or not ready: asking again changes nothing. */
const comeBackLater = new Set([425, 429]);
/** A gateway's, or a time-out: the server behind it may have acted. */
const replyLost = new Set([408, 502, 503, 504]);
const firstPauseMs = 500;
/** The API's own bound for 429. */
const longestPauseMs = 30_000;

/** Sends requests, and sends them again only where that cannot do anything twice. */
export class HttpClient {
  readonly #options: HttpOptions;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  /**
   * The answer to a request.
   * @throws LostReply when it did not arrive, StatusError on a status that is none of `expect`
   */
  async send(request: HttpRequest): Promise<HttpReply> {
    const { time, patienceMs } = this.#options;
    const giveUpAt = time.monotonicMs() + patienceMs;
    let mayHaveActed = false;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        return await this.#attempt(request);
      } catch (error) {
        if (error instanceof LostReply) mayHaveActed ||= error.mayHaveActed;
        const isOver = !mayRepeat(error, request) || time.monotonicMs() + pauseMs > giveUpAt;
        if (isOver && error instanceof LostReply) throw error.withActed(mayHaveActed);
        if (isOver) throw error;
        await time.sleep(pauseMs);
      }
    }
  }

  async #attempt(request: HttpRequest): Promise<HttpReply> {
    const call = `${request.method} ${request.path}`;
    const reply = await this.#exchange(request, call);
    const { status } = reply;
    if ((status >= 200 && status < 300) || request.expect?.includes(status) === true) return reply;
    const detail = detailOf(reply.bytes);
    if (replyLost.has(status)) {
      throw new LostReply(`${call} was answered with ${status}: ${detail}`, { mayHaveActed: true });
    }
    throw new StatusError(call, status, detail);
  }

  async #exchange(request: HttpRequest, call: string): Promise<HttpReply> {
    const { url, fetch, time } = this.#options;
    const timeoutMs = request.timeoutMs ?? this.#options.timeoutMs;
    const deadline = time.deadline(timeoutMs);
    try {
      const response = await fetch(`${url}${request.path}`, {
        method: request.method,
        headers: this.#headers(request),
        signal: deadline.signal,
        ...(request.body === undefined ? {} : { body: request.body as string | Uint8Array<ArrayBuffer> }),
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      return { status: response.status, contentType: response.headers.get("content-type") ?? "", bytes };
    } catch (cause) {
      const why = deadline.signal.aborted ? `no answer within ${timeoutMs} ms` : describe(cause);
      throw new LostReply(`${call} at ${url}: ${why}`, { mayHaveActed: !isNeverReached(cause), cause });
    } finally {
      deadline.cancel();
    }
  }

  #headers({ contentType, accept }: HttpRequest): Record<string, string> {
    const { apiKey } = this.#options;
    return {
      ...(contentType === undefined ? {} : { "content-type": contentType }),
      ...(accept === undefined ? {} : { accept }),
      ...(apiKey === null ? {} : { "x-api-key": apiKey }),
    };
  }
}

function mayRepeat(error: unknown, request: HttpRequest): boolean {
  if (error instanceof StatusError) return comeBackLater.has(error.status);
  return error instanceof LostReply && (request.repeat === "safe" || !error.mayHaveActed);
}

/** `fetch failed` says nothing; its cause does. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== ""
    ? `${error.message} (${error.cause.message})`
    : error.message;
}
