import type { EvaluationSet, Leaderboard, LeaderboardEntry } from "@litmus/api";
import { formatEstimate } from "../../format/estimate.ts";
import { formatCount } from "../../format/number.ts";
import { policyName, unrankedWords } from "./policy-name.ts";

/** What the ranks allow to be said, and what they do not, in sentences. Nothing is computed but from ranks. */
export function conclusions({ set, baselines, entries }: Pick<Leaderboard, "set" | "baselines" | "entries">): string[] {
  if (set === null) return [];
  const [best] = baselines;
  const leader = entries.find(({ rank }) => rank === 1);
  return [
    ...(leader === undefined ? [] : [aboutFirst(leader)]),
    best === undefined ? noBaseline : aboutBaseline(best),
    limitsOf(set),
  ];
}

function aboutFirst(leader: LeaderboardEntry): string {
  const score = formatEstimate(leader.exactMatch, "share");
  if (leader.ties === 0) return `${policyName(leader)} ranks first, alone, with ${score} exact match.`;
  const others = leader.ties === 1 ? "one other policy" : `${formatCount(leader.ties)} other policies`;
  return `${policyName(leader)} and ${others} share the first rank: nothing here says that one of them is better.`;
}

const noBaseline =
  "No base and no retrieval-augmented policy was evaluated on these questions: what training added is not known.";

/** A rank is one more than the policies whose lead has a paired interval above 0. */
function aboutBaseline(best: LeaderboardEntry): string {
  const name = `the best baseline, ${policyName(best)} with ${formatEstimate(best.exactMatch, "share")}`;
  if (best.rank === null) return `What is ahead of ${name} is not known: it has no rank${whyOf(best)}.`;
  const ahead = best.rank - 1;
  if (ahead === 0) return `No policy is ahead of ${name}, by more than chance allows: no gain can be claimed here.`;
  const policies = ahead === 1 ? "One policy is" : `${formatCount(ahead)} policies are`;
  return `${policies} ahead of ${name}: the 95\u00a0% interval of the paired difference lies above 0.`;
}

const whyOf = ({ unranked }: LeaderboardEntry): string => (unranked === null ? "" : ` (${unrankedWords[unranked]})`);

const limitsOf = ({ questions, split }: EvaluationSet): string =>
  `All of this holds for these ${formatCount(questions)} ${split} questions and this scorer alone.`;
