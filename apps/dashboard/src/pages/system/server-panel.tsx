import type { SystemView } from "@litmus/api";
import type { ReactNode } from "react";
import { Panel } from "../../components/layout/panel.tsx";
import { Stat, StatList } from "../../components/layout/stat.tsx";
import { formatDate } from "../../format/date.ts";
import { formatDuration } from "../../format/duration.ts";
import { formatBytes } from "../../format/number.ts";
import { useNow } from "../../state/use-now.ts";

const profiles: Record<SystemView["server"]["profile"], string> = {
  embedded: "store and rollouts in one process",
  scale: "store, queue and workers on servers",
};

/** The process that serves this page. */
export function ServerPanel({ server }: Pick<SystemView, "server">): ReactNode {
  const now = useNow();
  const { version, node, profile, startedAt, rssBytes } = server;
  return (
    <Panel title="Server">
      <StatList>
        <Stat label="Version" value={version} detail={`Node ${node}`} />
        <Stat label="Profile" value={profile} detail={profiles[profile]} />
        <Stat
          label="Up for"
          value={formatDuration(now - Date.parse(startedAt))}
          detail={`since ${formatDate(startedAt)}`}
        />
        <Stat label="Memory" value={formatBytes(rssBytes)} detail="of this process" />
      </StatList>
    </Panel>
  );
}
