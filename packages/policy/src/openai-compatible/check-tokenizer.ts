import { LitmusError } from "@litmus/core";
import type { Tokenizer } from "@litmus/core";
import type { EngineDialect } from "./engine-dialect.ts";
import { engineError } from "./engine-failure.ts";

/** Words, figures, spaces, lines, the agent's tags, letters and signs outside of ASCII. */
const texts = [
  "Which gland makes insulin?",
  "IL-6 (0.05 mg/mL), p < 0.001;  BRCA1\n\n",
  "<search>beta cells</search>\n<answer>pancreas</answer>",
  "β-catenin, naïve T cells, 37 °C, 日本 😀",
] as const;

const routesHint = "the engine must answer /tokenize and /detokenize: use a release that has them, without a proxy";
const hint = "give the tokenizer of the model that the engine serves";

/**
 * Compares a tokenizer with the engine's own, text by text.
 * @throws LitmusError `incompatible` when ids or texts differ; `unavailable` when the engine cannot be asked
 */
export async function checkTokenizer(engine: EngineDialect, tokenizer: Tokenizer): Promise<void> {
  for (const text of texts) {
    const expected = tokenizer.encode(text);
    const encoded = await engine.tokenize(text);
    if (!encoded.ok) throw engineError(encoded.failure, { what: "the engine tokenises nothing", hint: routesHint });
    refuseDifferent(text, { expected: String(expected), found: String(encoded.value) });
    const decoded = await engine.detokenize(expected);
    if (!decoded.ok) throw engineError(decoded.failure, { what: "the engine decodes nothing", hint: routesHint });
    refuseDifferent(text, { expected: tokenizer.decode(expected), found: decoded.value });
  }
}

function refuseDifferent(text: string, { expected, found }: { expected: string; found: string }): void {
  if (expected === found) return;
  const message = `the engine makes ${JSON.stringify(found)} of ${JSON.stringify(text)}, the tokenizer ${JSON.stringify(expected)}`;
  throw new LitmusError("incompatible", message, { hint, path: "tokenizer" });
}
