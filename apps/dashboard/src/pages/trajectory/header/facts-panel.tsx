import type { TrajectoryView } from "@litmus/api";
import { useState } from "react";
import type { ReactNode } from "react";
import { KeyValueList } from "../../../components/layout/key-value-list.tsx";
import { Panel } from "../../../components/layout/panel.tsx";
import { RecordText } from "../../../components/record/record-text.tsx";
import { Hash } from "../../../components/text/hash.tsx";
import { PageLink } from "../../../components/text/page-link.tsx";
import { Time } from "../../../components/text/time.tsx";
import { useOnPaper } from "../../../state/on-paper.tsx";
import { formatDuration } from "../../../format/duration.ts";
import { formatCount, formatNumber } from "../../../format/number.ts";
import styles from "./header.module.css";

/** Where the facts stand beside the turns; else they stand above them, and are opened on demand. */
const wide = "(min-width: 68rem)";

/** What made the trajectory, and what it took. */
export function FactsPanel({ trajectory }: { readonly trajectory: TrajectoryView }): ReactNode {
  const isOnPaper = useOnPaper();
  const [isOpen] = useState(() => !isOnPaper && window.matchMedia(wide).matches);
  const { key, policy, prompt, indexId, temperature, seed, usage, startedAt, durationMs } = trajectory;
  return (
    <Panel>
      <details className={styles.facts} open={isOpen}>
        <summary>
          <h2>Made by</h2>
        </summary>
        <KeyValueList
          items={[
            {
              key: "run",
              label: "Run",
              value: (
                <PageLink to="/runs/$runId" params={{ runId: key.runId }}>
                  {key.runId}
                </PageLink>
              ),
            },
            { key: "version", label: "Policy version", value: policy.version === 0 ? "0, the base" : policy.version },
            { key: "engine", label: "Engine", value: <RecordText text={policy.engine} /> },
            { key: "model", label: "Model", value: <Hash value={policy.modelSha256} label="the model" /> },
            { key: "adapter", label: "Adapter", value: <Hash value={policy.adapterSha256} label="the adapter" /> },
            {
              key: "prompt",
              label: "Prompt",
              value: (
                <>
                  <RecordText text={prompt.name} /> <Hash value={prompt.sha256} label="the prompt" />
                </>
              ),
            },
            { key: "index", label: "Index", value: <Hash value={indexId} label="the index" /> },
            { key: "temperature", label: "Temperature", value: formatNumber(temperature) },
            { key: "seed", label: "Seed", value: String(seed) },
            { key: "started", label: "Started", value: <Time iso={startedAt} /> },
            { key: "duration", label: "Took", value: formatDuration(durationMs) },
            { key: "sampled", label: "Tokens sampled", value: formatCount(usage.sampledTokens) },
            { key: "prefilled", label: "Tokens prefilled", value: formatCount(usage.prefilledTokens) },
            { key: "cached", label: "Tokens from cache", value: formatCount(usage.cachedTokens) },
          ]}
        />
      </details>
    </Panel>
  );
}
