import {
  chatIdentity,
  fail,
  LitmusError,
  refusedChatRequest,
  succeed,
  type ChatPartType,
  type ChatPolicy,
  type ChatReply,
  type ChatRequest,
  type ChatTool,
  type Outcome,
  type PolicyIdentity,
} from "@litmus/core";
import { aborted, unlessAborted } from "../graph/unless-aborted.ts";
import { chatFailure, failureOfError, isContextOverflow } from "./chat-failure.ts";
import {
  requireChatModel,
  type ChatModelFactory,
  type ChatModelSettings,
  type InvocableChatModel,
} from "./chat-model.ts";
import { readReply } from "./read-reply.ts";
import { toLangChain, toLangChainTools } from "./to-langchain.ts";

export interface LangChainChatPolicyOptions {
  /** The model's name, for records: it is all that they know of it. */
  readonly name: string;
  /** Text alone unless given. */
  readonly acceptedParts?: readonly ChatPartType[];
  /** 32,768 unless given. */
  readonly contextTokens?: number;
}

/** Of the first model that a factory makes, which shows what it can do. */
const firstSettings: ChatModelSettings = { temperature: 0, maxTokens: 1_024 };

/**
 * A LangChain chat model as a policy: for questions and evaluation, never trainable. Retries and rate limits are the model's
 * own (`maxRetries`); what it throws in the end is a failure.
 * @param source a model, whose settings stay its own, or a function that makes one for a temperature and a longest reply
 * @throws LitmusError `invalid-config` when the source is no chat model, or the function throws or returns none
 */
export async function createLangChainChatPolicy(
  source: InvocableChatModel | ChatModelFactory,
  options: LangChainChatPolicyOptions,
): Promise<ChatPolicy> {
  const { name, acceptedParts = ["text"], contextTokens = 32_768 } = options;
  if (name.trim() === "")
    throw new LitmusError("invalid-config", "a chat model needs a name for the records", { path: "name" });
  if (typeof source !== "function") requireChatModel(source);
  const make = typeof source === "function" ? madeOnce(source) : async () => source;
  const first = await firstModel(make);
  return new LangChainChatPolicy(make, {
    identity: chatIdentity(name),
    acceptedParts,
    contextTokens,
    takesTools: first.bindTools !== undefined,
    takesTemperature: typeof source === "function",
  });
}

type MakeModel = (settings: ChatModelSettings) => Promise<InvocableChatModel>;

function madeOnce(factory: ChatModelFactory): MakeModel {
  const made = new Map<string, Promise<InvocableChatModel>>();
  const make: MakeModel = async (settings) => requireChatModel(await factory(settings));
  return (settings) => {
    const key = `${settings.temperature} ${settings.maxTokens}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const model = make(settings);
    made.set(key, model);
    // What failed once may succeed when it is asked for again.
    model.catch(() => made.delete(key));
    return model;
  };
}

async function firstModel(make: MakeModel): Promise<InvocableChatModel> {
  try {
    return await make(firstSettings);
  } catch (cause) {
    if (LitmusError.isInstance(cause)) throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new LitmusError("invalid-config", `the function that makes the chat model threw: ${said}`, {
      hint: "it is called with { temperature, maxTokens } and returns a LangChain chat model",
      cause,
    });
  }
}

interface Traits extends Pick<ChatPolicy, "acceptedParts" | "contextTokens" | "takesTools" | "takesTemperature"> {
  readonly identity: PolicyIdentity;
}

class LangChainChatPolicy implements ChatPolicy {
  readonly acceptedParts: readonly ChatPartType[];
  readonly contextTokens: number;
  readonly takesTools: boolean;
  readonly takesTemperature: boolean;
  readonly #make: MakeModel;
  readonly #identity: PolicyIdentity;
  /** Some integrations do much when tools are bound. */
  readonly #bound = new WeakMap<InvocableChatModel, WeakMap<readonly ChatTool[], InvocableChatModel>>();
  #isClosed = false;

  constructor(make: MakeModel, { identity, ...traits }: Traits) {
    this.#make = make;
    this.#identity = identity;
    this.acceptedParts = traits.acceptedParts;
    this.contextTokens = traits.contextTokens;
    this.takesTools = traits.takesTools;
    this.takesTemperature = traits.takesTemperature;
  }

  identity(): PolicyIdentity {
    return this.#identity;
  }

  async respond(request: ChatRequest, signal?: AbortSignal): Promise<Outcome<ChatReply>> {
    const refused = refusedChatRequest(request, this);
    if (refused !== null) return fail(refused);
    if (this.#isClosed) return fail(chatFailure("policy-closed", "the policy was closed"));
    if (signal === undefined) return this.#ask(request, undefined);
    if (signal.aborted) return fail(aborted);
    const outcome = await unlessAborted(this.#ask(request, signal), signal);
    return outcome === "aborted" ? fail(aborted) : outcome;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  async #ask(request: ChatRequest, signal: AbortSignal | undefined): Promise<Outcome<ChatReply>> {
    const { temperature, maxTokens, messages } = request;
    try {
      const model = this.#withTools(await this.#make({ temperature, maxTokens }), request.tools);
      const options = signal === undefined ? {} : { signal };
      const reply = readReply(await model.invoke(toLangChain(messages), options), request);
      return reply.ok ? succeed({ ...reply.value, policy: this.#identity }) : reply;
    } catch (error) {
      return isContextOverflow(error) ? succeed(this.#overflow()) : fail(failureOfError(error));
    }
  }

  #withTools(model: InvocableChatModel, tools: readonly ChatTool[]): InvocableChatModel {
    if (tools.length === 0 || model.bindTools === undefined) return model;
    const known = this.#bound.get(model) ?? new WeakMap<readonly ChatTool[], InvocableChatModel>();
    const bound = known.get(tools) ?? model.bindTools(toLangChainTools(tools));
    this.#bound.set(model, known.set(tools, bound));
    return bound;
  }

  #overflow(): ChatReply {
    return { text: "", calls: [], stop: "context-full", original: null, policy: this.#identity, usage: null };
  }
}
