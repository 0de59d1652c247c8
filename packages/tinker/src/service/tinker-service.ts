import { LitmusError } from "@litmus/core";
import { HttpClient } from "../http/http-client.ts";
import type { Fetch, HttpReply, HttpRequest } from "../http/http-client.ts";
import { retrieveResult } from "../http/futures.ts";
import { systemTime } from "../http/time.ts";
import type { Time } from "../http/time.ts";
import { codecs } from "../wire/codecs.ts";
import { jsonType } from "../wire/codec.ts";
import type { Codec, EncodedBody, WireForm } from "../wire/codec.ts";
import { readJson } from "../wire/json-results.ts";
import { z } from "zod";
import { probeServer } from "./probe-server.ts";
import { traitsOf } from "./server-traits.ts";
import type { ServerName, ServerTraits } from "./server-traits.ts";
import { Session } from "./session.ts";

export interface TinkerOptions {
  /** Address without `/api/v1`: `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Null = none; skyrl reads none. */
  readonly apiKey: string | null;
  /** The base model by the server's own name. */
  readonly baseModel: string;
  readonly server: ServerName;
  /** Node's by default. */
  readonly fetch?: Fetch;
  /** The system's by default. */
  readonly time?: Time;
  /** Longest wait for the answer to one request; 60,000 by default. */
  readonly timeoutMs?: number;
  /** How long a request that is safe to repeat is tried again; 300,000 by default. */
  readonly patienceMs?: number;
  /** Longest wait for one result; 3,600,000 by default: a server compiles, and other clients queue. */
  readonly resultTimeoutMs?: number;
}

const submitted = z.object({ request_id: z.string() });

/** One server and one session on it: what a trainer and a policy share. */
export interface TinkerService {
  readonly baseModel: string;
  readonly traits: ServerTraits;
  /** Found by the probe. */
  readonly form: WireForm;
  /** Ends the heartbeats: the server then unloads what is left. */
  close(): Promise<void>;
}

/**
 * Probes a server and opens a session on it.
 * @throws LitmusError `unavailable` when it cannot be reached, `incompatible` when it lacks the base model or speaks
 * another API, `invalid-config` for an unknown kind of server
 */
export async function connectTinker(options: TinkerOptions): Promise<TinkerService> {
  const traits = traitsOf(options.server);
  const time = options.time ?? systemTime;
  const http = new HttpClient({
    url: options.url.replace(/\/+$/, ""),
    apiKey: options.apiKey,
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    time,
    timeoutMs: options.timeoutMs ?? 60_000,
    patienceMs: options.patienceMs ?? 300_000,
  });
  const form = await probeServer(http, options.baseModel);
  const session = await Session.open(http, time);
  const resultTimeoutMs = options.resultTimeoutMs ?? 3_600_000;
  return new Connection({ http, time, traits, codec: codecs[form], session, resultTimeoutMs, options });
}

interface Parts {
  readonly http: HttpClient;
  readonly time: Time;
  readonly traits: ServerTraits;
  readonly codec: Codec;
  readonly session: Session;
  readonly resultTimeoutMs: number;
  readonly options: TinkerOptions;
}

/** How often a call may be sent: see {@link HttpRequest}. */
export type Repeat = HttpRequest["repeat"];

/** The inner side of a service: calls and their results. */
export class Connection implements TinkerService {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get baseModel(): string {
    return this.#parts.options.baseModel;
  }

  get traits(): ServerTraits {
    return this.#parts.traits;
  }

  get codec(): Codec {
    return this.#parts.codec;
  }

  get form(): WireForm {
    return this.codec.form;
  }

  get http(): HttpClient {
    return this.#parts.http;
  }

  get time(): Time {
    return this.#parts.time;
  }

  get sessionId(): string {
    return this.#parts.session.id;
  }

  async close(): Promise<void> {
    this.#parts.session.close();
  }

  /** A call in JSON that is answered at once. */
  async ask<T>(path: string, body: unknown, schema: z.ZodType<T>, repeat: Repeat): Promise<T> {
    this.#parts.session.check();
    const encoded = { path, contentType: jsonType, body: JSON.stringify(body) };
    const reply = await this.#post(encoded, repeat);
    return readJson(schema, reply.bytes, path);
  }

  /** A work call in JSON; its result arrives in JSON. @throws StatusError, LostReply */
  async work<T>(path: string, body: unknown, schema: z.ZodType<T>, repeat: Repeat): Promise<T> {
    const { request_id: id } = await this.ask(path, body, submitted, repeat);
    return readJson(schema, (await this.retrieve(id, jsonType)).bytes, path);
  }

  /** A work call whose body and result the codec knows. */
  async compute(encoded: EncodedBody, repeat: Repeat): Promise<HttpReply> {
    this.#parts.session.check();
    const reply = await this.#post(encoded, repeat);
    const { request_id: id } = readJson(submitted, reply.bytes, encoded.path);
    return this.retrieve(id, this.codec.accept);
  }

  retrieve(requestId: string, accept: string): Promise<HttpReply> {
    return retrieveResult(this.#parts, requestId, accept);
  }

  #post({ path, contentType, body }: EncodedBody, repeat: Repeat): Promise<HttpReply> {
    return this.http.send({ method: "POST", path: `/api/v1${path}`, contentType, body, repeat });
  }
}

/** @throws LitmusError `bug` for a service that `connectTinker` did not make */
export function connectionOf(service: TinkerService): Connection {
  if (service instanceof Connection) return service;
  throw new LitmusError("bug", "the Tinker service was not made by connectTinker");
}
