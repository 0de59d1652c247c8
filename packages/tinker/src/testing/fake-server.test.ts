/** @file The fake server against what real ones were seen to do, asked by hand and not through the client. */
import { describe, expect, it } from "vitest";
import { byteVocabulary, FakeTinkerServer } from "./index.ts";
import type { FakeServerOptions } from "./index.ts";

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

class Caller {
  readonly server: FakeTinkerServer;
  session = "";
  #sequence = 0;

  constructor(options: Partial<FakeServerOptions> = {}) {
    this.server = new FakeTinkerServer({ tokenizer: byteVocabulary, ...options });
  }

  async post(path: string, body: unknown, contentType = "application/json"): Promise<Answer> {
    const init = { method: "POST", headers: { "content-type": contentType }, body: JSON.stringify(body) };
    const response = await this.server.fetch(`http://test/api/v1${path}`, init);
    return { status: response.status, body: (await response.json()) as Answer["body"] };
  }

  /** A call and its result. */
  async work(path: string, body: unknown): Promise<Answer> {
    const { status, body: answer } = await this.post(path, body);
    return status === 200
      ? this.post("/retrieve_future", { request_id: answer["request_id"] })
      : { status, body: answer };
  }

  async model(): Promise<string> {
    const created = { tags: [], user_metadata: null, sdk_version: "x", type: "create_session" };
    this.session ||= String((await this.post("/create_session", created)).body["session_id"]);
    const lora = { rank: 4, seed: 7 };
    const body = { session_id: this.session, base_model: "tiny", lora_config: lora, model_role: "policy" };
    const { body: answer } = await this.post("/create_model", body);
    await this.post("/retrieve_future", { request_id: answer["request_id"] });
    return String(answer["model_id"]);
  }

  /** The norm of the gradient that one call of these weights leaves. */
  async norm(model: string, weights: readonly number[] | null, times = 1): Promise<number> {
    for (let call = 0; call < times; call++) {
      await this.work("/forward_backward", {
        model_id: model,
        seq_id: ++this.#sequence,
        forward_backward_input: input(weights),
      });
    }
    const { body } = await this.work("/optim_step", step(model, ++this.#sequence));
    return (body["metrics"] as Record<string, number>)["skyrl.ai/grad_norm"] as number;
  }
}

const input = (weights: readonly number[] | null): unknown => ({
  loss_fn: "cross_entropy",
  loss_fn_config: null,
  data: [
    {
      model_input: { chunks: [{ type: "encoded_text", tokens: [256, 65, 66] }] },
      loss_fn_inputs: {
        target_tokens: { data: [65, 66, 67] },
        ...(weights === null ? {} : { weights: { data: weights } }),
      },
    },
  ],
});
const adam = { learning_rate: 0, beta1: 0.9, beta2: 0.95, eps: 1e-8, weight_decay: 0 };
const step = (model: string, sequence: number, change: object = {}): unknown => ({
  model_id: model,
  seq_id: sequence,
  adam_params: { ...adam, ...change },
});

describe("fake server", () => {
  it("takes omitted weights for ones, which counts tokens that are not the policy's", async () => {
    const caller = new Caller();
    const model = await caller.model();
    const ones = await caller.norm(model, [1, 1, 1]);
    expect(await caller.norm(model, null)).toBe(ones);
    expect(await caller.norm(model, [0, 0, 1])).not.toBeCloseTo(ones, 6);
  });

  it("divides by weights and sequences as skyrl does, or adds up as the hosted service does", async () => {
    const skyrl = new Caller();
    const model = await skyrl.model();
    const one = await skyrl.norm(model, [0, 0, 1]);
    expect(await skyrl.norm(model, [0, 0, 3])).toBeCloseTo(one, 12);
    expect(await skyrl.norm(model, [0, 0, 1], 2)).toBeCloseTo(one, 12);
    const hosted = new Caller({ server: "hosted" });
    const other = await hosted.model();
    expect(await hosted.norm(other, [0, 0, 1])).toBeCloseTo(one, 12);
    expect(await hosted.norm(other, [0, 0, 3])).toBeCloseTo(3 * one, 12);
    expect(await hosted.norm(other, [0, 0, 1], 2)).toBeCloseTo(2 * one, 12);
  });

  it("carries a repeated number out again in the JSON form", async () => {
    const caller = new Caller();
    const model = await caller.model();
    const [first, second] = [
      await caller.post("/optim_step", step(model, 1)),
      await caller.post("/optim_step", step(model, 1)),
    ];
    expect(first.body["request_id"]).not.toBe(second.body["request_id"]);
    expect(caller.server.steps).toEqual([2]);
  });

  it("knows a repeated number in the protobuf form, and refuses another body under it", async () => {
    const caller = new Caller({ form: "protobuf" });
    const model = await caller.model();
    const [first, second] = [
      await caller.post("/optim_step", step(model, 1)),
      await caller.post("/optim_step", step(model, 1)),
    ];
    expect(first.body).toEqual(second.body);
    expect(caller.server.steps).toEqual([1]);
    expect((await caller.post("/optim_step", step(model, 1, { beta1: 0 }))).status).toBe(409);
  });

  it("takes passes in its own form only", async () => {
    const [json, protobuf] = [new Caller(), new Caller({ form: "protobuf" })];
    expect((await json.post("/forward_backward", {})).status).toBe(422);
    expect((await protobuf.post("/forward_backward", {})).status).toBe(415);
    expect((await protobuf.post("/forward", {})).status).toBe(404);
  });

  it("drops unknown fields without a word, and reports them", async () => {
    const caller = new Caller();
    const model = await caller.model();
    expect((await caller.post("/optim_step", step(model, 1, { clip: 1 }))).status).toBe(200);
    expect(caller.server.droppedFields).toEqual(["adam_params.clip"]);
  });

  it("answers what it does not know with 404, and a failure with 400 on the result", async () => {
    const caller = new Caller();
    await caller.model();
    expect((await caller.post("/retrieve_future", { request_id: "999" })).status).toBe(404);
    expect((await caller.post("/optim_step", step("nobody", 1))).status).toBe(404);
    expect((await caller.post("/nowhere", {})).status).toBe(404);
    const body = { session_id: caller.session, base_model: "gemma", lora_config: { rank: 4 }, model_role: "policy" };
    expect((await caller.post("/create_model", body)).status).toBe(200);
    expect((await caller.work("/create_model", body)).status).toBe(400);
  });

  it("saves a name once, and loads it into a model that has done nothing yet", async () => {
    const caller = new Caller();
    const [model, other] = [await caller.model(), await caller.model()];
    const { body } = await caller.work("/save_weights", { model_id: model, path: "state-1" });
    expect(body["path"]).toBe(`tinker://${model}/weights/state-1`);
    expect((await caller.work("/save_weights", { model_id: model, path: "state-1" })).status).toBe(409);
    const load = { model_id: other, path: body["path"], optimizer: true };
    expect((await caller.work("/load_weights", load)).status).toBe(200);
    expect((await caller.work("/load_weights", load)).status).toBe(400);
    expect((await caller.work("/load_weights", { ...load, path: "tinker://x/weights/y" })).status).toBe(404);
  });

  it("does not persist a save that names both a path and a sampling session", async () => {
    const caller = new Caller();
    const model = await caller.model();
    const both = { model_id: model, path: "step-1", sampling_session_seq_id: 1, seq_id: 1 };
    expect((await caller.work("/save_weights_for_sampler", both)).body).toMatchObject({
      path: null,
      sampling_session_id: expect.any(String),
    });
    const persistent = { model_id: model, path: "step-1" };
    expect((await caller.work("/save_weights_for_sampler", persistent)).body).toMatchObject({
      path: `tinker://${model}/step-1`,
      sampling_session_id: null,
    });
  });

  it("rolls the trained weights back when an older publish of theirs is sampled", async () => {
    const caller = new Caller();
    const model = await caller.model();
    const published = await caller.work("/save_weights_for_sampler", {
      model_id: model,
      sampling_session_seq_id: 1,
      seq_id: 1,
    });
    const forward = async (): Promise<unknown> =>
      (await caller.work("/forward", { model_id: model, forward_input: input([1, 1, 1]) })).body["loss_fn_outputs"];
    const before = await forward();
    await caller.work("/forward_backward", { model_id: model, seq_id: 1, forward_backward_input: input([1, 1, 1]) });
    await caller.work("/optim_step", step(model, 2, { learning_rate: 0.1 }));
    expect(await forward()).not.toEqual(before);
    const sampling = { max_tokens: 1, temperature: 1, top_k: -1, top_p: 1, seed: 1, stop: [257] };
    await caller.work("/asample", {
      num_samples: 1,
      prompt: { chunks: [{ type: "encoded_text", tokens: [256] }] },
      sampling_params: sampling,
      sampling_session_id: published.body["sampling_session_id"],
      seq_id: 1,
      prompt_logprobs: false,
      topk_prompt_logprobs: 0,
      type: "sample",
    });
    expect(await forward()).toEqual(before);
  });
});
