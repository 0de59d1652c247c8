/**
 * @file A Tinker server in this process, with a real tiny policy behind it: what is learned, saved and sampled is computed.
 * It keeps the real servers' habits, the bad ones too: fields dropped without a word, repeats that train again, weights
 * that a sampled version rolls back.
 */
import type { Fetch } from "../http/http-client.ts";
import type { ServerName } from "../service/server-traits.ts";
import { jsonType, protobufType } from "../wire/codec.ts";
import type { ArrivedRequest } from "./arrived-request.ts";
import { FaultPlan } from "./faults.ts";
import type { Fault } from "./faults.ts";
import { routeOf } from "./fake-routes.ts";
import { ServerState } from "./fake-state.ts";
import type { FakeServerOptions } from "./fake-state.ts";
import { jsonResult, protobufResult } from "./fake-wire.ts";
import { Refusal } from "./refusal.ts";
import { bodies, readBody } from "./request-bodies.ts";

const base = "/api/v1";

export class FakeTinkerServer {
  /** Everything that arrived and was carried out, in order. */
  readonly arrived: ArrivedRequest[] = [];
  /** Paths of fields that were sent and dropped without a word. */
  readonly droppedFields: string[] = [];
  /** How often a result is not ready yet, before each that is fetched. */
  notReady = 0;
  /** How it says so: 408, or the hosted service's `try_again`. */
  notReadyAnswer: 408 | "try_again" = 408;
  /** False: no connection is made at all. */
  isReachable = true;
  readonly #state: ServerState;
  readonly #faults = new FaultPlan();
  readonly #asked = new Map<string, number>();

  constructor(options: FakeServerOptions) {
    this.#state = new ServerState(options);
  }

  /** The next request whose path after `/api/v1` is this one goes wrong; several add up. */
  failNext(path: string, ...faults: Fault[]): void {
    this.#faults.add(path, faults);
  }

  /** Sessions, models and results are forgotten; checkpoints stay. */
  restart(): void {
    this.#state.restart();
  }

  /** Moves the clock that ends sessions without a heartbeat. */
  advance(milliseconds: number): void {
    this.#state.nowMs += milliseconds;
  }

  get baseModel(): string {
    return this.#state.options.baseModel;
  }

  get kind(): ServerName {
    return this.#state.options.server;
  }

  /** Models in memory. */
  get modelCount(): number {
    return this.#state.models.size;
  }

  /** Optimiser steps that a model's weights have seen. */
  get steps(): readonly number[] {
    return [...this.#state.models.values()].map((model) => model.state.steps);
  }

  /** The paths that arrived, `retrieve_future` left out. */
  get calls(): readonly string[] {
    return this.arrived.map(({ path }) => path).filter((path) => path !== "/retrieve_future");
  }

  readonly fetch: Fetch = async (url, init) => {
    const path = new URL(url).pathname.slice(base.length) + new URL(url).search;
    const headers = new Headers(init.headers);
    const request = {
      method: init.method ?? "GET",
      path,
      contentType: headers.get("content-type") ?? "",
      apiKey: headers.get("x-api-key"),
      bytes:
        typeof init.body === "string"
          ? new TextEncoder().encode(init.body)
          : ((init.body ?? new Uint8Array()) as Uint8Array),
    };
    if (!this.isReachable) this.#faults.addFirst(path, { type: "refuse-connection" });
    return this.#faults.apply(path, init.signal ?? null, () => this.#answer(request, headers.get("accept") ?? ""));
  };

  #answer(request: ArrivedRequest, accept: string): Response {
    this.arrived.push(request);
    this.#state.expireSessions();
    try {
      if (request.path === "/retrieve_future") return this.#retrieve(request, accept);
      const answer = routeOf(request)({
        state: this.#state,
        request,
        report: (field) => this.droppedFields.push(field),
      });
      return Response.json(answer);
    } catch (error) {
      if (error instanceof Refusal) return Response.json({ detail: error.message }, { status: error.status });
      throw error;
    }
  }

  #retrieve(request: ArrivedRequest, accept: string): Response {
    const text = new TextDecoder().decode(request.bytes);
    const { request_id: id } = readBody(bodies.retrieveFuture, text, (field) => this.droppedFields.push(field));
    const future = this.#state.futures.get(id);
    if (future === undefined) throw new Refusal(404, "Future not found");
    const asked = (this.#asked.get(id) ?? 0) + 1;
    this.#asked.set(id, asked);
    if (asked <= this.notReady) return this.#isNotReady(id);
    if ("failure" in future) throw future.failure;
    // The JSON form answers in JSON; the protobuf form in protobuf where it is accepted, as results of passes and samples must be.
    const bytes =
      this.#state.options.form === "protobuf" && accept === protobufType ? protobufResult(future.result) : null;
    if (bytes !== null) {
      return new Response(bytes as Uint8Array<ArrayBuffer>, { headers: { "content-type": protobufType } });
    }
    return new Response(JSON.stringify(jsonResult(future.result)), { headers: { "content-type": jsonType } });
  }

  #isNotReady(id: string): Response {
    if (this.notReadyAnswer === 408) throw new Refusal(408, "Timeout waiting for result");
    return Response.json({ type: "try_again", request_id: id, queue_state: "active" });
  }
}
