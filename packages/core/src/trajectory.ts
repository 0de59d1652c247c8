import type { Failure } from "./failure.ts";
import type { ProblemId, RecordId, RunId, Sha256, TrajectoryId } from "./identity.ts";
import { sha256 } from "./hash.ts";
import type { PolicyIdentity } from "./policy.ts";

/** Why an episode ended by itself. A failure is not a stop reason. */
export const stopReasons = [
  "completed",
  "tool_stopped",
  "max_turns",
  "max_tokens",
  "max_sampled_tokens",
  "max_tool_calls",
  "context_overflow",
  "parse_error",
] as const;
export type StopReason = (typeof stopReasons)[number];

/** Who wrote a run of tokens. Only `action` tokens carry a log-probability and a gradient. */
export interface Segment {
  readonly kind: "prompt" | "action" | "observation";
  /** First token, inclusive. */
  readonly start: number;
  /** Last token, exclusive. */
  readonly end: number;
  readonly turn: number;
}

/** What an action says. */
export type ParsedAction =
  | { readonly type: "search"; readonly query: string }
  | { readonly type: "answer"; readonly answer: string; readonly cited: readonly string[] }
  | { readonly type: "malformed"; readonly reason: string };

/** A hit as the policy saw it. */
export interface ShownHit {
  readonly recordId: RecordId;
  readonly rank: number;
  readonly score: number;
  readonly title: string;
  /** Of publication, which the policy does not see; left out where none is known. */
  readonly year?: number;
  /** Text as shown, after fitting. */
  readonly shownText: string;
  /** Whether the text was cut to fit. */
  readonly cut: boolean;
}

export interface SearchCall {
  readonly query: string;
  readonly hits: readonly ShownHit[];
  readonly durationMs: number;
  readonly failure: Failure | null;
}

/** One observation, one action, the environment's reply. */
export interface Turn {
  readonly index: number;
  /** The action as text, decoded from its ids; a chat model's tool calls as the tags that say the same. */
  readonly actionText: string;
  readonly action: ParsedAction;
  readonly sampledTokens: number;
  readonly search: SearchCall | null;
}

export type EpisodeOutcome =
  | { readonly type: "stopped"; readonly reason: StopReason }
  | { readonly type: "failed"; readonly failure: Failure };

/** Of a chat model as it says, estimated from the characters where it does not. */
export interface EpisodeUsage {
  readonly prefilledTokens: number;
  readonly cachedTokens: number;
  readonly sampledTokens: number;
  readonly searches: number;
}

/** The immutable record of an episode. */
export interface Trajectory {
  readonly schemaVersion: 1;
  readonly question: string;
  readonly prompt: { readonly name: string; readonly sha256: Sha256 };
  readonly policy: PolicyIdentity;
  readonly indexId: Sha256;
  readonly temperature: number;
  readonly seed: number;
  /** Every id the policy saw or sampled; T of them. A chat model's are not known: none, and no segment or log-probability. */
  readonly tokens: readonly number[];
  /** Contiguous, ascending, covering [0, T). */
  readonly segments: readonly Segment[];
  /** Behaviour log-probabilities of the action tokens, in order. */
  readonly logProbs: readonly number[];
  readonly turns: readonly Turn[];
  readonly answer: string | null;
  /** Ids that the policy cited and that were retrieved in this episode. */
  readonly cited: readonly RecordId[];
  readonly outcome: EpisodeOutcome;
  readonly usage: EpisodeUsage;
  /** Wall clock and duration: the only fields that differ between equal episodes. */
  readonly timing: { readonly startedAt: string; readonly durationMs: number };
}

/** Where a trajectory belongs; unique in a store. */
export interface RolloutKey {
  readonly runId: RunId;
  readonly stage: string;
  readonly step: number;
  readonly purpose: RolloutPurpose;
  /** Index of the group within the step. */
  readonly group: number;
  /** Index within the group. */
  readonly member: number;
}

/** Which group of a run. */
export type GroupKey = Omit<RolloutKey, "member">;

export const rolloutPurposes = ["train", "evaluation", "evaluation-sampled", "ask"] as const;
export type RolloutPurpose = (typeof rolloutPurposes)[number];

/** The id that belongs to a key: the same in every attempt. */
export function trajectoryId(key: RolloutKey): TrajectoryId {
  const parts = [key.runId, key.stage, key.step, key.purpose, key.group, key.member];
  return sha256(JSON.stringify(parts)).slice(0, 32) as unknown as TrajectoryId;
}

/** One scored part of a reward. */
export interface RewardComponent {
  readonly name: string;
  /** Usually in [0, 1]. */
  readonly score: number;
  readonly weight: number;
  /** The rule that decided, and what it compared: for people. */
  readonly detail: string;
}

export interface Reward {
  readonly components: readonly RewardComponent[];
  /** Sum of weight × score. */
  readonly total: number;
  /** Version of the verifier's rules. */
  readonly scorer: string;
}

/** A trajectory in the store. `reward` is null exactly when the episode or its scoring failed. */
export interface StoredTrajectory {
  readonly id: TrajectoryId;
  readonly key: RolloutKey;
  readonly problemId: ProblemId | null;
  readonly trajectory: Trajectory;
  readonly reward: Reward | null;
  /** A failure of the scorer; a failure of the episode is in `trajectory.outcome`. */
  readonly rewardFailure: Failure | null;
}

/** Positions of the tokens that the policy sampled, ascending; aligned with `logProbs`. */
export function actionPositions(trajectory: Pick<Trajectory, "segments">): number[] {
  return trajectory.segments
    .filter((segment) => segment.kind === "action")
    .flatMap((segment) => Array.from({ length: segment.end - segment.start }, (_, i) => segment.start + i));
}
