import { sha256 } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { resolveOpenAiCompatibleOptions } from "./openai-compatible-options.ts";
import type { OpenAiCompatibleOptions } from "./openai-compatible-options.ts";

const options: OpenAiCompatibleOptions = {
  engine: "vllm",
  baseUrl: "http://engine:8000",
  model: "google/gemma-3-270m-it",
  modelSha256: sha256("base"),
};

const urlOf = (baseUrl: string): string => resolveOpenAiCompatibleOptions({ ...options, baseUrl }).baseUrl;

describe("options of a served policy", () => {
  it("fills in defaults", () => {
    expect(resolveOpenAiCompatibleOptions(options)).toEqual({
      ...options,
      keptAdapters: 1,
      maxConcurrency: 32,
      requestTimeoutMs: 120_000,
      maxRetries: 5,
      firstRetryDelayMs: 500,
      acceptedBaseSha256: [],
    });
  });

  it("takes the URL with and without what the OpenAI clients add", () => {
    expect(["http://a:1", "http://a:1/", "http://a:1/v1", "http://a:1/v1/"].map(urlOf)).toEqual(
      Array.from({ length: 4 }, () => "http://a:1"),
    );
    expect(urlOf("https://a/engines/one/v1")).toBe("https://a/engines/one");
  });

  it.each([
    ["a key in the URL", { baseUrl: "http://user:secret@engine:8000" }],
    ["another scheme", { baseUrl: "file:///etc/passwd" }],
    ["no URL", { baseUrl: "engine" }],
    ["a query", { baseUrl: "http://engine/?key=secret" }],
    ["an engine that is not known", { engine: "tgi" }],
    ["a hash that is none", { modelSha256: "base" }],
    ["a time-out beyond what fetch waits", { requestTimeoutMs: 400_000 }],
    ["a key that is not known", { temprature: 1 }],
  ])("refuses %s", (_what, changes) => {
    const wrong = { ...options, ...changes } as unknown as OpenAiCompatibleOptions;
    expect(() => resolveOpenAiCompatibleOptions(wrong)).toThrow(expect.objectContaining({ code: "invalid-config" }));
    expect(() => resolveOpenAiCompatibleOptions(wrong)).not.toThrow(/secret/);
  });
});
