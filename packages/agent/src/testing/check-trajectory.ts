import type { Tokenizer, Trajectory } from "@litmus/core";
import { actionPositions } from "@litmus/core";
import { expect } from "vitest";

/** What holds for every trajectory, whatever happened in it. */
export function checkTrajectory(trajectory: Trajectory, tokenizer: Tokenizer): void {
  let end = 0;
  for (const segment of trajectory.segments) {
    expect(segment.start).toBe(end);
    expect(segment.end).toBeGreaterThan(segment.start);
    end = segment.end;
  }
  expect(end).toBe(trajectory.tokens.length);
  expect(trajectory.logProbs).toHaveLength(actionPositions(trajectory).length);
  const actions = trajectory.segments.filter(({ kind }) => kind === "action");
  expect(actions.map(({ start, end: stop }) => tokenizer.decode(trajectory.tokens.slice(start, stop)))).toEqual(
    trajectory.turns.filter(({ sampledTokens }) => sampledTokens > 0).map(({ actionText }) => actionText),
  );
  expect(trajectory.turns.map(({ index }) => index)).toEqual(trajectory.turns.map((_turn, i) => i));
  expect(trajectory.usage.sampledTokens).toBe(trajectory.logProbs.length);
  for (const observation of observations(trajectory, tokenizer)) {
    expect(observation.tokens.some((token) => tokenizer.isControl(token))).toBe(false);
    expect(observation.text.match(/<\s*\/?\s*(think|search|cite|answer|information)\s*>/gi)).toEqual([
      "<information>",
      "</information>",
    ]);
    expect(observation.text.endsWith("</information>\n")).toBe(true);
  }
}

/** The observations of a trajectory, as ids and as text. */
export function observations(
  trajectory: Trajectory,
  tokenizer: Tokenizer,
): { tokens: readonly number[]; text: string }[] {
  return trajectory.segments
    .filter(({ kind }) => kind === "observation")
    .map(({ start, end }) => trajectory.tokens.slice(start, end))
    .map((tokens) => ({ tokens, text: tokenizer.decode(tokens) }));
}
