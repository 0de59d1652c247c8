/**
 * @file The search agent as a library, without a model: three records, an index, a policy that follows a script.
 * Run it with `node examples/ask-with-scripted-policy.ts`. For a real policy put `createLlamaCppPolicy` in its place.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSearchAgent, type AskResult } from "../packages/agent/src/index.ts";
import { recordId, type CorpusRecord } from "../packages/core/src/index.ts";
import { createScriptedPolicy, type Script } from "../packages/policy/src/index.ts";
import { buildIndex, openIndex } from "../packages/retrieval/src/index.ts";

const records: readonly CorpusRecord[] = [
  {
    id: recordId("EX1"),
    title: "Cystic fibrosis and the CFTR gene",
    text: "Cystic fibrosis is caused by mutations of CFTR, the gene of a chloride channel in epithelial cells.",
    year: null,
  },
  {
    id: recordId("EX2"),
    title: "Sickle cell disease",
    text: "Sickle cell disease is caused by one substitution in HBB, the gene of the beta chain of haemoglobin.",
    year: null,
  },
  {
    id: recordId("EX3"),
    title: "Huntington disease",
    text: "Huntington disease is caused by a repeat of three bases in HTT, which codes for a protein of unclear function.",
    year: null,
  },
];

/** What a trained policy has learnt to write: a query first, then, once results are shown, sources and an answer. */
const script: Script = ({ turn }) =>
  turn === 0
    ? "<search>gene mutated in cystic fibrosis</search>"
    : "<think>EX1 names the gene.</think><cite>EX1</cite><answer>CFTR</answer>";

async function ask(question: string, directory: string): Promise<AskResult> {
  await buildIndex({ records, directory, name: "three-records", idSpace: "own" });
  const retriever = await openIndex(directory, { preset: "anserini" });
  const policy = createScriptedPolicy({ script });
  try {
    // The scripted tokenizer makes one token of each byte, so the budgets are wider than a model's.
    const budgets = { maxActionTokens: 400, maxObservationTokens: 1_000, maxEpisodeTokens: 4_000 };
    return await createSearchAgent({ policy, retriever, budgets }).ask(question);
  } finally {
    await policy.close();
    await retriever.close();
  }
}

const folder = await mkdtemp(join(tmpdir(), "litmus-example-"));
try {
  const result = await ask("Which gene is mutated in cystic fibrosis?", join(folder, "index"));
  const searches = result.turns.flatMap((turn) => turn.search?.query ?? []);
  const sources = result.citations.map(({ id, title, kind }) => `${id} (${kind}): ${title}`);
  process.stdout.write([`searched: ${searches.join("; ")}`, `answer: ${result.answer}`, ...sources, ""].join("\n"));
} finally {
  await rm(folder, { recursive: true });
}
