/** @file A process that opens a policy on a `llama-server` of its own, says which process that is, and waits: to be killed by a test. */
import type { Sha256 } from "@litmus/core";
import { createLlamaServerPolicy } from "../llama-server/create-llama-server-policy.ts";
import { loadLlamaTokenizer } from "../llama-tokenizer.ts";

const [program = "", modelPath = "", modelSha256 = ""] = process.argv.slice(2);
const { tokenizer } = await loadLlamaTokenizer(modelPath);
const options = { program, modelPath, modelSha256: modelSha256 as Sha256, contextTokens: 256, slots: 1, threads: 1 };
const policy = await createLlamaServerPolicy(options, { tokenizer });
process.send?.(policy.enginePid);
setInterval(() => {}, 1000);
