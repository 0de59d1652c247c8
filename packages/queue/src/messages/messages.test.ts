import { policyVersion, problemId, rolloutPurposes, runId } from "@litmus/core";
import { buildRolloutJob, buildStoredTrajectory } from "@litmus/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromExactJson, toExactJson } from "./exact-json.ts";
import { attemptsExhausted, readFailure, writeFailure } from "./job-failures.ts";
import { groupJobId } from "./job-id.ts";
import { readJob, writeJob } from "./job-message.ts";
import { readResult, writeResult } from "./result-message.ts";

const arbitraryGroup = fc.record({
  runId: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,30}$/).map(runId),
  stage: fc.string({ unit: "binary" }),
  step: fc.nat(),
  purpose: fc.constantFrom(...rolloutPurposes),
  group: fc.nat(),
});
const arbitraryJob = fc.record({
  schemaVersion: fc.constant(1 as const),
  group: arbitraryGroup,
  problemId: fc.string().map(problemId),
  prompt: fc.constantFrom("base" as const, "trained" as const),
  temperature: fc.double({ min: 0, max: 10, noNaN: true }).map((value) => value + 0),
  seeds: fc.array(fc.nat(4_294_967_295), { minLength: 1 }),
  policyVersion: fc.nat().map(policyVersion),
});

describe("job ids", () => {
  it("are what BullMQ takes, one for each group", () => {
    fc.assert(
      fc.property(arbitraryGroup, arbitraryGroup, (a, b) => {
        expect(groupJobId(a)).toMatch(/^g[0-9a-f]{32}$/);
        expect(groupJobId(a) === groupJobId(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
});

describe("jobs as messages", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(arbitraryJob, (job) => {
        const sent: unknown = JSON.parse(JSON.stringify(writeJob(job)));
        expect(readJob(sent, groupJobId(job.group))).toEqual({ ok: true, value: job });
      }),
    );
  });

  it("are refused with a reason, whatever they are", () => {
    const job = buildRolloutJob();
    const id = groupJobId(job.group);
    const codeOf = (data: unknown, ...under: readonly (string | undefined)[]): string => {
      const read = readJob(data, under.length === 0 ? id : under[0]);
      return read.ok ? "ok" : read.failure.code;
    };
    expect(codeOf({ ...job, schemaVersion: 2, more: 1 })).toBe("unsupported-job-version");
    expect(codeOf({ ...job, more: 1 })).toBe("malformed-job");
    expect(codeOf({ ...job, seeds: [] })).toBe("malformed-job");
    expect(codeOf({ ...job, group: { ...job.group, runId: "../x" } })).toBe("malformed-job");
    expect(codeOf(job, "another")).toBe("malformed-job");
    expect(codeOf(job, undefined)).toBe("malformed-job");
    fc.assert(
      fc.property(fc.anything(), (data) => {
        expect(codeOf(data)).not.toBe("ok");
      }),
    );
  });
});

describe("results as messages", () => {
  const job = buildRolloutJob(3);
  const failed = buildStoredTrajectory({ key: { ...job.group, member: 1 }, reward: null });

  it("come back as they were", () => {
    const sent: unknown = JSON.parse(JSON.stringify(writeResult({ failed: [failed] }, job)));
    expect(readResult(sent, job)).toEqual({ ok: true, value: { failed: [failed] } });
  });

  it("are refused when they are of another group, carry a reward, or are no result", () => {
    expect(() => writeResult({ failed: [failed] }, buildRolloutJob(4))).toThrow(/another group/);
    expect(() => writeResult({ failed: [{ ...failed, id: buildStoredTrajectory().id }] }, job)).toThrow(/another key/);
    expect(() => writeResult({ failed: [buildStoredTrajectory({ key: failed.key })] }, job)).toThrow(/reward/);
    for (const data of [null, "x", {}, { schemaVersion: 2, failed: "[]" }, { schemaVersion: 1, failed: "[" }])
      expect(readResult(data, job)).toMatchObject({ ok: false, failure: { code: "malformed-result" } });
    fc.assert(
      fc.property(fc.anything(), (data) => {
        expect(readResult(data, job).ok).toBe(false);
      }),
    );
  });
});

describe("exact JSON", () => {
  it("keeps every number", () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (values) => {
        expect(fromExactJson(toExactJson({ values }))).toEqual({ values });
      }),
    );
  });
});

describe("failures as text", () => {
  it("come back as they were, and any text is one", () => {
    const failure = attemptsExhausted(new Error("x".repeat(5_000)), 3);
    expect(readFailure(writeFailure(failure))).toEqual(failure);
    expect(failure.message.length).toBeLessThanOrEqual(2_000);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readFailure(text).code).toBe("job-failed");
      }),
    );
  });
});
