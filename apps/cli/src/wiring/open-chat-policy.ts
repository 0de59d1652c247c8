import { createLangChainChatPolicy, type ChatModelFactory, type InvocableChatModel } from "@litmus/agent";
import { LitmusError, sha256OfFile, type ChatPolicy, type Sha256 } from "@litmus/core";
import type { ExperimentConfig } from "@litmus/experiment";
import { importExport } from "./import-export.ts";

type ChatConfig = Extract<ExperimentConfig["policy"], { engine: "chat" }> & {
  /** The model's name. */
  readonly name: string;
};

/** A chat model and the hash of the file that brought it. */
interface OpenedChatPolicy {
  readonly policy: ChatPolicy;
  readonly moduleSha256: Sha256;
}

/**
 * The chat model that the user's own module exports.
 * @throws LitmusError `invalid-config` when the module cannot be loaded, exports no chat model, or its model calls no tools where the protocol does
 */
export async function openChatPolicy(config: ChatConfig, configDirectory: string): Promise<OpenedChatPolicy> {
  const { name, contextTokens, protocol } = config;
  const { value, path } = await importExport({ module: config.module, name: config.export, from: configDirectory });
  const policy = await chatPolicy(value, { name, contextTokens }, config);
  if (protocol === "tools" && !policy.takesTools)
    throw new LitmusError("invalid-config", `the chat model of ${config.module} cannot call tools`, {
      path: "policy.protocol",
      hint: "set policy.protocol to tags, in which it writes what it wants as text",
    });
  return { policy, moduleSha256: await sha256OfFile(path) };
}

async function chatPolicy(
  value: unknown,
  options: { readonly name: string; readonly contextTokens: number },
  config: ChatConfig,
): Promise<ChatPolicy> {
  try {
    return await createLangChainChatPolicy(value as InvocableChatModel | ChatModelFactory, options);
  } catch (cause) {
    if (!LitmusError.isInstance(cause)) throw cause;
    const { code, message, hint } = cause;
    throw new LitmusError(code, `the export ${config.export} of ${config.module}: ${message}`, {
      path: "policy.module",
      ...(hint === undefined ? {} : { hint }),
      cause,
    });
  }
}
