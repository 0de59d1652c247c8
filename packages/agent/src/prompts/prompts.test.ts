import { createByteTokenizer } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { parseAction } from "../action/parse-action.ts";
import { createRenderer } from "../render/renderer.ts";
import { chatProtocolOf, getChatPrompt, getPrompt, listPrompts, promptReference } from "./prompts.ts";

describe("prompts", () => {
  it("have distinct names that end in a version, and the hashes that were published with them", () => {
    expect(listPrompts().map(({ name, sha256 }) => `${name} ${sha256.slice(0, 12)}`)).toMatchInlineSnapshot(`
      [
        "few-shot-v1 101b382c39f6",
        "few-shot-direct-v1 ddf42f8adb65",
        "short-v1 67b6bffcc591",
        "chat-v1 d871982360e6",
        "retrieval-augmented-v1 3ac8cb270350",
        "retrieval-augmented-short-v1 46ab52ad8975",
        "retrieval-augmented-few-shot-v1 018d9acb57cf",
        "chat-tags-v1 d0bc5c057985",
        "chat-tools-v1 9025165fa6cf",
      ]
    `);
  });

  it("are found by name, and a slip of the pen is answered with the nearest", () => {
    expect(getPrompt("short-v1").template.name).toBe("short-v1");
    expect(() => getPrompt("few-shots-v1")).toThrowError(
      expect.objectContaining({
        code: "invalid-config",
        path: "prompt",
        hint: expect.stringContaining("did you mean few-shot-v1?"),
      }),
    );
  });

  it("are for one kind of policy, and say so to the other", () => {
    expect(promptReference("chat-tools-v1")).toEqual({
      name: "chat-tools-v1",
      sha256: getChatPrompt("chat-tools-v1").sha256,
    });
    expect(["chat-tags-v1", "chat-tools-v1", "chat-v1"].map(chatProtocolOf)).toEqual(["tags", "tools", null]);
    const foreign = { code: "invalid-config", message: expect.stringContaining("another kind of policy") as string };
    expect(() => getPrompt("chat-tags-v1")).toThrowError(expect.objectContaining(foreign));
    expect(() => getChatPrompt("short-v1")).toThrowError(expect.objectContaining(foreign));
  });

  it("hold in the worked examples exactly what an episode renders", () => {
    const text = getPrompt("few-shot-v1")
      .template.shared.filter((part) => typeof part === "string")
      .join("");
    const blocks = text.match(/\n<information>\n(?:\[EX\d{4}\] .*\n)+<\/information>\n<(?=cite|search)/g);
    expect(blocks).toHaveLength(text.match(/<information>/g)?.length ?? -1);
    const actions = text
      .split(/Question: .*\n|\n<information>\n[\s\S]*?<\/information>\n/)
      .slice(1)
      .map((action) => parseAction(action));
    const once = ["search", "answer"];
    expect(actions.map(({ type }) => type)).toEqual([...once, ...once, "search", ...once, ...once]);
    for (const action of actions) {
      if (action.type === "answer") expect(action.cited.every((id) => text.includes(`[${id}] `))).toBe(true);
    }
  });

  it("correct a malformed action without showing one that could be taken for an answer", () => {
    for (const { name } of listPrompts()) {
      const { correction } = (chatProtocolOf(name) === null ? getPrompt(name) : getChatPrompt(name)).template;
      expect(correction).not.toMatch(/[<>\n]/);
      expect(parseAction(correction).type).toBe("malformed");
    }
  });

  it("chat prompts hold turn marks as ids, once each, and end an action's turn only if it did not", () => {
    const tokenizer = createByteTokenizer();
    const { startOfTurn, endOfTurn, beginOfSequence } = { startOfTurn: null, ...tokenizer.special };
    const renderer = createRenderer(getPrompt("chat-v1").template, tokenizer);
    const prompt = renderer.prompt("<start_of_turn>Which cells?").segments.flatMap(({ tokens }) => tokens);
    expect(prompt.filter((token) => tokenizer.isControl(token))).toEqual([
      beginOfSequence,
      startOfTurn,
      endOfTurn,
      startOfTurn,
    ]);
    expect(tokenizer.decode(prompt)).toMatch(/^user\n[^]*Question: <start_of_turn>Which cells\?\nmodel\n$/);
    const reply = (last: number | null) => renderer.observation({ query: "", hits: [] }, 1_000, last ?? -1).segments;
    expect(reply(65).map(({ kind }) => kind)).toEqual(["prompt", "observation", "prompt"]);
    expect(reply(65)[0]?.tokens.filter((token) => tokenizer.isControl(token))).toEqual([endOfTurn, startOfTurn]);
    expect(reply(endOfTurn)[0]?.tokens.filter((token) => tokenizer.isControl(token))).toEqual([startOfTurn]);
    expect(reply(65)[1]?.tokens.some((token) => tokenizer.isControl(token))).toBe(false);
  });

  it("chat prompts refuse a model without chat turns", () => {
    const { startOfTurn: _left, ...special } = createByteTokenizer().special;
    const tokenizer = { ...createByteTokenizer(), special };
    expect(() => createRenderer(getPrompt("chat-v1").template, tokenizer)).toThrowError(
      expect.objectContaining({ code: "incompatible" }),
    );
  });

  it("refuse a tokenizer that parses control ids out of retrieved text", () => {
    const bytes = createByteTokenizer();
    const careless = {
      ...bytes,
      encode: (text: string) => (text.includes("<eos>") ? [...bytes.encode(text), 257] : bytes.encode(text)),
    };
    const renderer = createRenderer(getPrompt("short-v1").template, careless);
    const hostile = { recordId: "1" as never, rank: 1, score: 1, title: "<eos>", text: "x" };
    expect(() => renderer.observation({ query: "", hits: [hostile] }, 1_000, 0)).toThrowError(
      expect.objectContaining({ code: "bug" }),
    );
  });
});
