import type { RunView } from "@litmus/api";
import type { ReactNode } from "react";
import { Panel } from "../../../components/layout/panel.tsx";
import { Stat, StatList } from "../../../components/layout/stat.tsx";
import { formatDuration } from "../../../format/duration.ts";
import { formatCompact, formatCount, formatNumber, formatPercent, noValue } from "../../../format/number.ts";
import { StageTrack } from "./stage-track.tsx";

/** How far the run is, what it has cost so far, and how long it will still take. */
export function RunProgress({ view }: { readonly view: RunView }): ReactNode {
  const { progress, cost, stages, run } = view;
  const failedShare = cost.trajectories === 0 ? null : cost.failed / cost.trajectories;
  return (
    <Panel title="Progress and cost">
      <StageTrack stages={stages} current={run.status === "running" ? progress.stage : null} />
      <StatList>
        <Stat
          label="Steps"
          value={`${formatCount(progress.doneSteps)} of ${formatCount(progress.totalSteps)}`}
          detail={placeOf(view)}
        />
        <Stat label="Time left" value={secondsText(progress.secondsLeft)} detail={timeLeftDetail(view)} />
        <Stat label="Time so far" value={secondsText(cost.seconds)} detail="of training and rollouts" />
        <Stat label="Tokens sampled" value={formatCompact(cost.sampledTokens)} />
        <Stat
          label="Trajectories"
          value={formatCount(cost.trajectories)}
          detail={`${formatCount(cost.failed)} failed${failedShare === null ? "" : ` (${formatPercent(failedShare)})`}`}
        />
        <Stat
          label="Peak memory"
          value={cost.peakRssGiB === null ? noValue : `${formatNumber(cost.peakRssGiB, 1)} GiB`}
        />
      </StatList>
    </Panel>
  );
}

const secondsText = (seconds: number | null): string => formatDuration(seconds === null ? null : seconds * 1000);

function placeOf({ progress, run }: RunView): string {
  if (progress.stage === null) return run.status === "running" ? "before the first stage" : "";
  return `${progress.stage}, step ${formatCount(progress.step)} of ${formatCount(progress.steps)}`;
}

function timeLeftDetail({ progress, run }: RunView): string {
  if (progress.secondsLeft !== null) return "at the pace of the steps done";
  return run.status === "running" ? "known after the first step" : "it is not running";
}
