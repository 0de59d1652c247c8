import { describe, expect, it } from "vitest";
import { configDifferences, configLeaves, configTable } from "./config-leaves.ts";

describe("configLeaves", () => {
  it("names every value as --set does", () => {
    expect(
      configLeaves({ seed: 1, stages: [{ type: "sft" }, { type: "grpo", kl: null }], sources: [], agent: {} }),
    ).toEqual([
      { path: "seed", value: "1" },
      { path: "stages.0.type", value: "sft" },
      { path: "stages.1.type", value: "grpo" },
      { path: "stages.1.kl", value: "null" },
      { path: "sources", value: "[]" },
      { path: "agent", value: "{}" },
    ]);
    expect([configLeaves({}), configLeaves(null), configLeaves("text")]).toEqual([[], [], []]);
  });

  it.each([
    [{ apiKey: "sk-1" }, "(hidden)"],
    [{ credentials: { password: "sesame" } }, "(hidden)"],
    [{ tokens: ["abc"] }, "(hidden)"],
    [{ clientSecret: "x" }, "(hidden)"],
    [{ keyVariable: "OPENAI_API_KEY" }, "OPENAI_API_KEY"],
    [{ maxTokens: 512 }, "512"],
    [{ tokenizer: "gemma" }, "gemma"],
    [{ url: "https://me:sesame@host:9200/index" }, "https://host:9200/index"],
    [{ url: "https://host/a?size=3&api_key=sk-1&token=t#x" }, "https://host/a?size=3&api_key=(hidden)&token=(hidden)"],
    [{ note: "postgres://u:p@a/b and redis://:p@c" }, "postgres://a/b and redis://c"],
  ])("hides what looks like a secret: %j", (config, shown) => {
    expect(configLeaves(config).map(({ value }) => value)).toEqual([shown]);
  });
});

describe("configDifferences", () => {
  it("lists what changed, came and went", () => {
    const before = { a: 1, b: { c: "x", gone: true }, same: [1] };
    const after = { a: 2, b: { c: "x", come: 3 }, same: [1] };
    expect(configDifferences(before, after)).toEqual([
      { path: "a", before: "1", after: "2" },
      { path: "b.come", before: null, after: "3" },
      { path: "b.gone", before: "true", after: null },
    ]);
  });
});

describe("configTable", () => {
  it("gives every path its value in each config", () => {
    expect(configTable([{ a: 1 }, { b: 2 }, { a: 1, b: 3 }])).toEqual([
      { path: "a", values: ["1", null, "1"] },
      { path: "b", values: [null, "2", "3"] },
    ]);
  });
});
