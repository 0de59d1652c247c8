/**
 * @file A LangChain chat model as the policy of the search agent, here LangChain's own fake one, which plays a script.
 * Run it with `node examples/ask-with-chat-model.ts`. For a real model put `new ChatOpenAI({ model })`, `new ChatAnthropic(…)`
 * or any other chat model of your own dependencies in its place, and leave `prompt` out where it calls tools.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { createLangChainChatPolicy, createSearchAgent, type AskResult } from "../packages/agent/src/index.ts";
import { recordId, type CorpusRecord } from "../packages/core/src/index.ts";
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
];

/** What a chat model writes in tags: a query first, then, once results are shown, sources and an answer. */
const responses = [
  "I look it up.\n<search>gene mutated in cystic fibrosis</search>",
  "<cite>EX1</cite>\n<answer>CFTR</answer>",
];

async function ask(question: string, directory: string): Promise<AskResult> {
  await buildIndex({ records, directory, name: "two-records", idSpace: "own" });
  const retriever = await openIndex(directory, { preset: "anserini" });
  const policy = await createLangChainChatPolicy(new FakeListChatModel({ responses }), { name: "fake-list" });
  try {
    return await createSearchAgent({ policy, retriever, prompt: "chat-tags-v1" }).ask(question);
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
