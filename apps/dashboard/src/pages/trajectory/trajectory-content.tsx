import type { TrajectoryView } from "@litmus/api";
import type { ReactNode } from "react";
import { Tabs } from "../../components/controls/tabs.tsx";
import type { Tab } from "../../components/controls/tabs.tsx";
import { formatCount } from "../../format/number.ts";
import { useViewState } from "../../state/use-view-state.ts";
import { CompareTab } from "./compare/compare-tab.tsx";
import { GroupStrip } from "./group/group-strip.tsx";
import { GroupTab } from "./group/group-tab.tsx";
import { FactsPanel } from "./header/facts-panel.tsx";
import { TrajectoryHeader } from "./header/trajectory-header.tsx";
import { VerdictStrip } from "./header/verdict-strip.tsx";
import { RewardCard } from "./reward/reward-card.tsx";
import { shownTab, trajectoryView } from "./search.ts";
import type { TrajectoryTab } from "./search.ts";
import { TokenTab } from "./tokens/token-tab.tsx";
import styles from "./trajectory.module.css";
import { TurnTab } from "./turns/turn-tab.tsx";

export interface TrajectoryContentProps {
  readonly trajectory: TrajectoryView;
}

/** A trajectory from its question down to its tokens. */
export function TrajectoryContent({ trajectory }: TrajectoryContentProps): ReactNode {
  const [view, setView] = useViewState(trajectoryView);
  const { group } = trajectory;
  return (
    <>
      <TrajectoryHeader trajectory={trajectory} />
      <VerdictStrip trajectory={trajectory} />
      {group.length > 1 && <GroupStrip trajectory={trajectory} />}
      <div className={styles.tabs}>
        <Tabs
          label="Views of the trajectory"
          tabs={tabsOf(trajectory)}
          value={shownTab(view)}
          onChange={(tab) => setView({ tab, tokens: null }, "push")}
        />
      </div>
    </>
  );
}

function tabsOf(trajectory: TrajectoryView): Tab<TrajectoryTab>[] {
  const { turns, tokens, group } = trajectory;
  const beside = (content: ReactNode): ReactNode => <BesideReward trajectory={trajectory}>{content}</BesideReward>;
  return [
    {
      value: "turns",
      label: `Turns (${formatCount(turns.length)})`,
      content: beside(<TurnTab trajectory={trajectory} />),
    },
    {
      value: "tokens",
      label: `Tokens (${formatCount(tokens.total)})`,
      content: beside(<TokenTab trajectory={trajectory} />),
    },
    { value: "group", label: `Group (${formatCount(group.length)})`, content: <GroupTab trajectory={trajectory} /> },
    { value: "compare", label: "Compare", content: <CompareTab trajectory={trajectory} /> },
  ];
}

/** With the reward and what made the trajectory at its side; above it where it is narrow. */
function BesideReward({
  trajectory,
  children,
}: {
  readonly trajectory: TrajectoryView;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={styles.layout}>
      <div className={styles.aside}>
        <RewardCard reward={trajectory.reward} ending={trajectory.ending} />
        <FactsPanel trajectory={trajectory} />
      </div>
      <div className={styles.main}>{children}</div>
    </div>
  );
}
