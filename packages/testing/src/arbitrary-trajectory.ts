import { failureBoundaries, stopReasons } from "@litmus/core";
import type { PolicyVersion, RecordId, Sha256, StoredTrajectory, Trajectory } from "@litmus/core";
import fc from "fast-check";
import { alternatingSegments, buildStoredTrajectory } from "./build-trajectory.ts";

/** Any JavaScript text: every script, NUL, lone surrogates, the control characters that a store may use itself. */
export const arbitraryText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    "",
    "\0",
    "a\0b",
    "\u001A0000",
    "\u001ANaN",
    "\uD800",
    "\uDC00\uD800",
    "😀",
    "'; DROP TABLE runs; --",
    "{1,2}",
    "NULL",
  ),
);
const anyNumber = fc.double({ noDefaultInfinity: false, noNaN: false });
const sha = fc.stringMatching(/^[0-9a-f]{64}$/).map((text) => text as Sha256);
const record = arbitraryText.map((text) => text as RecordId);
const count = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const failure = fc.record({
  boundary: fc.constantFrom(...failureBoundaries),
  code: arbitraryText,
  message: arbitraryText,
  retryable: fc.boolean(),
});
const hit = fc.record(
  {
    recordId: record,
    rank: count,
    score: anyNumber,
    title: arbitraryText,
    year: count,
    shownText: arbitraryText,
    cut: fc.boolean(),
  },
  { requiredKeys: ["recordId", "rank", "score", "title", "shownText", "cut"] },
);
const action = fc.oneof(
  fc.record({ type: fc.constant("search" as const), query: arbitraryText }),
  fc.record({
    type: fc.constant("answer" as const),
    answer: arbitraryText,
    cited: fc.array(arbitraryText, { maxLength: 2 }),
  }),
  fc.record({ type: fc.constant("malformed" as const), reason: arbitraryText }),
);
const search = fc.record({
  query: arbitraryText,
  hits: fc.array(hit, { maxLength: 3 }),
  durationMs: anyNumber,
  failure: fc.option(failure),
});
const turn = fc.record({
  index: count,
  actionText: arbitraryText,
  action,
  sampledTokens: count,
  search: fc.option(search),
});
const trajectory: fc.Arbitrary<Trajectory> = fc.record({
  schemaVersion: fc.constant(1 as const),
  question: arbitraryText,
  prompt: fc.record({ name: arbitraryText, sha256: sha }),
  policy: fc.record({
    engine: arbitraryText,
    modelSha256: sha,
    version: count.map((version) => version as PolicyVersion),
    adapterSha256: fc.option(sha),
  }),
  indexId: sha,
  temperature: anyNumber,
  seed: fc.maxSafeInteger(),
  tokens: fc.array(count, { maxLength: 40 }),
  segments: fc.nat(40).map((tokens) => alternatingSegments(tokens, 5)),
  logProbs: fc.array(anyNumber, { maxLength: 40 }),
  turns: fc.array(turn, { maxLength: 3 }),
  answer: fc.option(arbitraryText),
  cited: fc.array(record, { maxLength: 3 }),
  outcome: fc.oneof(
    fc.record({ type: fc.constant("stopped" as const), reason: fc.constantFrom(...stopReasons) }),
    fc.record({ type: fc.constant("failed" as const), failure }),
  ),
  usage: fc.record({ prefilledTokens: count, cachedTokens: count, sampledTokens: count, searches: count }),
  timing: fc.record({ startedAt: fc.constant("2026-01-01T00:00:00.000Z"), durationMs: anyNumber }),
});
const reward = fc.record({
  components: fc.array(fc.record({ name: arbitraryText, score: anyNumber, weight: anyNumber, detail: arbitraryText }), {
    maxLength: 3,
  }),
  total: anyNumber,
  scorer: arbitraryText,
});

/** Any trajectory that the types allow, of run `run-1` and stage `rl`; keys may repeat. */
export const arbitraryStoredTrajectory: fc.Arbitrary<StoredTrajectory> = fc
  .record({ trajectory, reward: fc.option(reward), rewardFailure: fc.option(failure), step: count, member: count })
  .map(({ step, member, ...rest }) => buildStoredTrajectory({ key: { step, member }, ...rest }));
