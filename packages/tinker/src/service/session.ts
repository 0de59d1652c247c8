import { z } from "zod";
import type { HttpClient } from "../http/http-client.ts";
import { StatusError } from "../http/status-error.ts";
import type { Time } from "../http/time.ts";
import { jsonType } from "../wire/codec.ts";
import { readJson } from "../wire/json-results.ts";

const created = z.object({ session_id: z.string() });

/** Without one for 300 s a server unloads the session's models. */
const heartbeatMs = 10_000;

/** A session that is kept alive until it is closed. */
export class Session {
  readonly id: string;
  readonly #http: HttpClient;
  readonly #closing = new AbortController();
  #loss: StatusError | null = null;

  private constructor(http: HttpClient, id: string) {
    this.#http = http;
    this.id = id;
  }

  /** A session made twice, after a lost reply, is one that ends by itself. */
  static async open(http: HttpClient, time: Time): Promise<Session> {
    const { bytes } = await http.send({
      method: "POST",
      path: "/api/v1/create_session",
      contentType: jsonType,
      body: JSON.stringify({ tags: [], user_metadata: null, sdk_version: "litmus", type: "create_session" }),
      repeat: "safe",
    });
    const session = new Session(http, readJson(created, bytes, "create_session").session_id);
    void session.#beat(time);
    return session;
  }

  /** @throws StatusError once the server has said that it does not know the session any more */
  check(): void {
    if (this.#loss !== null) throw this.#loss;
  }

  close(): void {
    this.#closing.abort();
  }

  /** Never rejects: a beat that fails is followed by the next; one that is refused ends the session. */
  async #beat(time: Time): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      await time.sleep(heartbeatMs, { signal, isBackground: true });
      if (signal.aborted || this.#loss !== null) return;
      await this.#heartbeat();
    }
  }

  async #heartbeat(): Promise<void> {
    try {
      await this.#http.send({
        method: "POST",
        path: "/api/v1/session_heartbeat",
        contentType: jsonType,
        body: JSON.stringify({ session_id: this.id }),
        timeoutMs: heartbeatMs,
        repeat: "never",
      });
    } catch (error) {
      // A lost beat is made good by the next; where the session ends for want of them, the server answers 404.
      if (error instanceof StatusError && error.status < 500) this.#loss = error;
    }
  }
}
