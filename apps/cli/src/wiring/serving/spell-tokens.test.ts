import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "@litmus/core";
import { createScriptedPolicy, createScriptedTokenizer } from "@litmus/policy";
import { buildRun } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSpelling } from "./spell-tokens.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "litmus-spell-"));
});
afterAll(() => rm(directory, { recursive: true }));

const scripted = { engine: "scripted", modelSha256: sha256("scripted") };
const run = buildRun();

describe("spelling of tokens", () => {
  it("gives a text an id, which together are the text, and control ids their names", async () => {
    await using spell = createSpelling({ directory });
    const tokenizer = createScriptedTokenizer();
    const text = "Which gene is mutated in β-thalassaemia?";
    const spelled = await spell(scripted, run, tokenizer.encode(text));
    expect(spelled).toHaveLength(tokenizer.encode(text).length);
    // Two bytes that make one letter are spelled one by one, and neither is a letter.
    expect(spelled?.join("")).toBe(text.replace("β", "\uFFFD\uFFFD"));
    const { beginOfSequence, endOfSequence, endOfTurn, startOfTurn } = tokenizer.special;
    const control = [beginOfSequence, endOfSequence, endOfTurn ?? -1, startOfTurn ?? -1];
    expect(await spell(scripted, run, control)).toEqual(["<bos>", "<eos>", "<end of turn>", "<start of turn>"]);
  });

  it("takes the vocabulary of a policy that is loaded, where it is the one", async () => {
    const policy = createScriptedPolicy({});
    const { modelSha256 } = policy.identity();
    await using spell = createSpelling({ directory, loaded: () => policy });
    const ids = policy.tokenizer.encode("sepsis");
    expect((await spell({ engine: "llama-cpp", modelSha256 }, run, ids))?.join("")).toBe("sepsis");
    expect(await spell({ engine: "llama-cpp", modelSha256: sha256("another") }, run, ids)).toBeNull();
  });

  it("spells nothing of a chat model, or of a model that is not here", async () => {
    await using spell = createSpelling({ directory });
    expect(await spell({ engine: "chat:model", modelSha256: sha256("chat:model") }, run, [1])).toBeNull();
    expect(await spell({ engine: "llama-cpp", modelSha256: sha256("model") }, run, [1])).toBeNull();
  });
});
