import type { RunView } from "@litmus/api";
import type { ReactNode } from "react";
import { KeyValueList } from "../../../components/layout/key-value-list.tsx";
import { Panel } from "../../../components/layout/panel.tsx";
import { Hash } from "../../../components/text/hash.tsx";

/** The hashes of all that a run depends on. */
export function ManifestPanel({ manifest }: Pick<RunView, "manifest">): ReactNode {
  return (
    <Panel title="Manifest" description="Hashes of what the run depends on: it goes on only with these.">
      <KeyValueList
        items={Object.entries(manifest).map(([key, value]) => ({
          key,
          value: isHash(value) ? <Hash value={value} label={key} length={12} /> : value,
        }))}
      />
    </Panel>
  );
}

const isHash = (value: string): boolean => /^[0-9a-f]{32,}$/.test(value);
