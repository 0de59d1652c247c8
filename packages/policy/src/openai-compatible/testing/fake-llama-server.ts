/** @file What `llama-server` answers, as far as a policy asks it, with what it leaves out. */
import { z } from "zod";
import type { FakeGeneration } from "./fake-decoder.ts";
import { logProbsOf } from "./fake-model.ts";
import type { FakeAnswer, SeenRequest } from "./fake-http-server.ts";
import type { FakeEngineStart } from "./fake-vllm.ts";

const completion = z.object({
  prompt: z.array(z.int().nonnegative()).min(1),
  n_predict: z.int().positive(),
  temperature: z.number(),
  seed: z.int(),
  stop: z.array(z.string()),
  n_probs: z.int().nonnegative(),
  post_sampling_probs: z.boolean(),
  return_tokens: z.boolean(),
  logit_bias: z.array(z.tuple([z.int(), z.number()])).default([]),
  lora: z.array(z.object({ id: z.int(), scale: z.number() })),
  samplers: z.tuple([z.literal("temperature")]),
  stream: z.literal(false),
  cache_prompt: z.boolean(),
});
type Completion = z.infer<typeof completion>;

const json = (body: unknown): FakeAnswer => ({ status: 200, body });
const error = (message: string): FakeAnswer => ({
  status: 400,
  body: { error: { code: 400, message, type: "invalid_request_error" } },
});

/** Answers like `llama-server` that was started with the adapters' files. */
export function answerAsLlamaServer(start: FakeEngineStart): (request: SeenRequest) => FakeAnswer {
  const { tokenizer } = start.decoder;
  return ({ method, path, body }) => {
    switch (`${method} ${path}`) {
      case "GET /props":
        return json({ default_generation_settings: { n_ctx: start.contextLength }, total_slots: 4 });
      case "GET /lora-adapters":
        return json([...start.adapters.values()].map((file, id) => ({ id, path: file, scale: 1 })));
      case "POST /tokenize":
        return json({ tokens: tokenizer.encode(z.object({ content: z.string() }).parse(body).content) });
      case "POST /detokenize":
        return json({ content: tokenizer.decode(z.object({ tokens: z.array(z.int()) }).parse(body).tokens) });
      case "POST /completion":
        return complete(start, body);
      default:
        return { status: 404, body: { error: { code: 404, message: "File Not Found", type: "not_found_error" } } };
    }
  };
}

function complete(start: FakeEngineStart, body: unknown): FakeAnswer {
  const parsed = completion.safeParse(body);
  if (!parsed.success) return error(z.prettifyError(parsed.error));
  const asked = parsed.data;
  if (asked.prompt.length >= start.contextLength) return error("the request exceeds the available context size");
  const { n_predict, temperature, seed, stop: stopTexts, prompt: tokens } = asked;
  const { endTokens } = start.decoder.tokenizer;
  const maxTokens = Math.min(n_predict, start.contextLength - tokens.length);
  const forced = asked.logit_bias[0]?.[0];
  const adapter = adapterOf(start, asked);
  return json(
    replyOf(
      start,
      asked,
      start.decoder.generate({ tokens, maxTokens, temperature, seed, stopTexts, endTokens, adapter, forced }),
    ),
  );
}

/** The path of the adapter at work. Left out of the request, all that the server has would be. */
function adapterOf(start: FakeEngineStart, { lora }: Completion): string | null {
  const paths = [...start.adapters.values()];
  const active = lora.length === 0 ? paths.map((_, id) => ({ id, scale: 1 })) : lora.filter(({ scale }) => scale !== 0);
  return active.length === 0 ? null : active.map(({ id }) => paths[id]).join(" + ");
}

function replyOf(start: FakeEngineStart, asked: Completion, made: FakeGeneration): unknown {
  const { tokenizer } = start.decoder;
  const content = tokenizer.decode(made.tokens);
  const reported = asked.n_probs > 0 ? probabilities(start, asked, made) : [];
  return {
    index: 0,
    content: made.stopText === null ? content : content.slice(0, content.indexOf(made.stopText)),
    tokens: asked.return_tokens ? made.tokens : [],
    tokens_predicted: made.tokens.length,
    tokens_evaluated: asked.prompt.length,
    truncated: false,
    stop_type: { end: "eos", text: "word", limit: "limit" }[made.stop],
    stopping_word: made.stopText ?? "",
    generation_settings: { lora: asked.lora },
    timings: { prompt_n: asked.prompt.length - (asked.cache_prompt ? made.cachedTokens : 0) },
    ...(reported.length > 0 ? { completion_probabilities: reported } : {}),
  };
}

/** Without the tokens that end within a character, then without as many at the end as the stop text has. */
function probabilities(start: FakeEngineStart, asked: Completion, made: FakeGeneration): readonly unknown[] {
  const whole = made.tokens.map((id, i) => ({ id, logprob: made.logProbs[i], end: i + 1 }));
  const reported = whole.filter(({ end }) => !endsWithinCharacter(made.tokens.slice(0, end)));
  const leftOut = made.stopText === null ? 0 : start.decoder.tokenizer.encode(made.stopText).length;
  const top = asked.n_probs > 1 ? { top_logprobs: likeliest(start, asked) } : {};
  return reported.slice(0, Math.max(0, reported.length - leftOut)).map(({ id, logprob }) => ({ id, logprob, ...top }));
}

/** Of the first sampled token. */
function likeliest(start: FakeEngineStart, asked: Completion): readonly unknown[] {
  const logProbs = logProbsOf(start.decoder.model(asked.prompt, adapterOf(start, asked)), 1);
  const sorted = logProbs.map((logprob, id) => ({ id, logprob })).sort((a, b) => b.logprob - a.logprob);
  return sorted.slice(0, asked.n_probs);
}

/** Whether the last bytes begin a character of UTF-8 that is longer than they are; a token is a byte. */
function endsWithinCharacter(tokens: readonly number[]): boolean {
  const lead = tokens.findLastIndex((token) => token >= 0xc0 && token < 256);
  if (lead < 0 || tokens.slice(lead + 1).some((token) => token < 0x80 || token >= 0xc0)) return false;
  const first = tokens[lead] as number;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  return tokens.length - lead < length;
}
