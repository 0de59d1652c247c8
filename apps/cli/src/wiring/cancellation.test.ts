import { afterAll, beforeAll, expect, it } from "vitest";
import { join } from "node:path";
import { startLitmus } from "../testing/run-litmus.ts";
import { makeScriptedExperiment, type ScriptedExperiment } from "../testing/scripted-experiment.ts";
import { cancellation } from "./cancellation.ts";

let experiment: ScriptedExperiment;
beforeAll(async () => {
  experiment = await makeScriptedExperiment();
});
afterAll(() => experiment.remove());

it.each(["SIGINT", "SIGTERM"] as const)("%s aborts with a reason that ends a command as interrupted", (name) => {
  const others = process.listeners(name);
  let told = 0;
  const stopping = cancellation(() => (told += 1));
  const [listener, ...more] = process.listeners(name).filter((each) => !others.includes(each));
  expect(more).toEqual([]);
  expect(stopping.signal.aborted).toBe(false);
  listener?.(name);
  expect(told).toBe(1);
  expect(stopping.signal.reason).toMatchObject({ code: "interrupted", hint: "run the same command again" });
  stopping.dispose();
  expect(process.listeners(name)).toEqual(others);
});

it("Ctrl-C ends a question that is worked on as interrupted, with exit code 130", async () => {
  // No answer comes of itself.
  const config = await experiment.variant("slow", {
    policy: { engine: "scripted", slots: 1, contextTokens: 1100, latencyMs: 2 ** 30 },
  });
  const words = ["ask", "What does insulin do?", "--config", config, "--dir", join(experiment.folder, "runs")];
  let isAsked = false;
  const { ended } = startLitmus(words, {
    environment: experiment.environment,
    onStderr: (told, { kill }) => {
      // Once: a second one means "now".
      if (!isAsked && told.includes("answering with")) kill("SIGINT");
      isAsked ||= told.includes("answering with");
    },
  });
  const { exitCode, lines, stderr } = await ended;
  expect(exitCode, stderr).toBe(130);
  expect(lines).toMatchObject([{ type: "error", code: "interrupted" }]);
});
