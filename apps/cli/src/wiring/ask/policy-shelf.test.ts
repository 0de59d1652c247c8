import { LitmusError } from "@litmus/core";
import { loadConfig, type ExperimentConfig } from "@litmus/experiment";
import { createScriptedPolicy } from "@litmus/policy";
import { createFakeRetriever, createManualTiming } from "@litmus/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { environment } from "../../environment.ts";
import { createReporter } from "../../output/create-reporter.ts";
import type { Parts } from "../open-parts.ts";
import type { FolderPolicy } from "./folder-policies.ts";
import { PolicyShelf } from "./policy-shelf.ts";

let config: ExperimentConfig;
beforeAll(async () => {
  config = (await loadConfig(environment.quickstart)).config;
});

const policyOf = (name: string): FolderPolicy => ({
  option: { id: name, label: name, runId: null, version: 0, exactMatch: null },
  configPath: `${name}.yaml`,
  config,
  adapter: null,
});

/** A shelf whose loads and closings are noted; each closing is as `close` has it. */
function buildShelf(close: () => Promise<void> = async () => undefined) {
  const happened: string[] = [];
  const { promise: noted, resolve: note } = Promise.withResolvers<string>();
  let loads = 0;
  const open = async (): Promise<Parts> => {
    const name = `model ${++loads}`;
    happened.push(`load ${name}`);
    return {
      policy: createScriptedPolicy({}),
      retriever: createFakeRetriever({ records: [] }),
      record: async () => null,
      problems: { train: [], validation: [], test: [] },
      trainer: () => Promise.reject(new Error("no trainer")),
      importedAdapter: () => Promise.reject(new Error("no adapter")),
      manifest: {},
      downloadSeconds: 0,
      processIds: () => [],
      close: async () => {
        await close();
        happened.push(`closed ${name}`);
      },
    };
  };
  const timing = createManualTiming();
  const reporter = { ...createReporter(true), note };
  return { shelf: new PolicyShelf({ reporter, idleMs: 1_000, open, timing }), timing, happened, noted };
}

const { signal } = new AbortController();

describe("the loaded policy", () => {
  it("is closed before another is loaded, also when nobody asked it and it is being given up", async () => {
    const closing = Promise.withResolvers<void>();
    const { shelf, happened } = buildShelf(() => closing.promise);
    await shelf.take(policyOf("a"), signal);
    const dropped = shelf.drop();
    const taken = [shelf.take(policyOf("b"), signal), shelf.take(policyOf("c"), signal)];
    expect(shelf.has(policyOf("a"))).toBe(false);
    closing.resolve();
    await Promise.all([dropped, ...taken]);
    expect(happened).toEqual(["load model 1", "closed model 1", "load model 2", "closed model 2", "load model 3"]);
    expect(shelf.has(policyOf("c"))).toBe(true);
  });

  it("is given up once nobody has asked it for so long", async () => {
    const closing = Promise.withResolvers<void>();
    const { shelf, timing, happened } = buildShelf(async () => closing.resolve());
    await shelf.take(policyOf("a"), signal);
    shelf.rest();
    timing.pass(999);
    await shelf.take(policyOf("a"), signal);
    timing.pass(1);
    expect(happened).toEqual(["load model 1"]);
    shelf.rest();
    timing.pass(1_000);
    await closing.promise;
    expect(shelf.has(policyOf("a"))).toBe(false);
  });

  it("that cannot be closed is said, and another can be loaded", async () => {
    const { shelf, timing, happened, noted } = buildShelf(() =>
      Promise.reject(new LitmusError("unavailable", "the model's process does not answer")),
    );
    await shelf.take(policyOf("a"), signal);
    shelf.rest();
    timing.pass(1_000);
    expect(await noted).toContain("the model's process does not answer");
    await shelf.take(policyOf("a"), signal);
    expect(happened).toEqual(["load model 1", "load model 2"]);
  });

  it("is not loaded for a question that was given up while it waited", async () => {
    const { shelf, happened } = buildShelf();
    await expect(shelf.take(policyOf("a"), AbortSignal.abort("gone"))).rejects.toBe("gone");
    expect(happened).toEqual([]);
  });
});
