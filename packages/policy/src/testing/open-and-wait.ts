/** @file A process that opens a policy, says which process its model runs in, and waits: to be killed by a test. */
import type { Sha256 } from "@litmus/core";
import { createLlamaCppPolicy } from "../llama-cpp-policy.ts";

const [modelPath = "", modelSha256 = ""] = process.argv.slice(2);
const policy = await createLlamaCppPolicy({
  modelPath,
  modelSha256: modelSha256 as Sha256,
  contextTokens: 64,
  threads: 1,
});
process.send?.(policy.pid);
setInterval(() => {}, 1000);
