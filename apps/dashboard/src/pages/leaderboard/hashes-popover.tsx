import type { LeaderboardEntry } from "@litmus/api";
import type { ReactNode } from "react";
import { Button } from "../../components/controls/button.tsx";
import { KeyValueList } from "../../components/layout/key-value-list.tsx";
import { Popover } from "../../components/overlays/popover.tsx";
import { Hash } from "../../components/text/hash.tsx";
import styles from "./leaderboard.module.css";
import { policyName } from "./policy-name.ts";

export const hashNames = ["checkpoint", "model", "data", "prompt", "index", "config"] as const;
export type HashName = (typeof hashNames)[number];

/** What of each hash is the hash. */
export const hashMeanings: Record<HashName, string> = {
  checkpoint: "The adapter's file; none of a base policy.",
  model: "The base model's file.",
  data: "The questions and records.",
  prompt: "The prompt's text.",
  index: "The search index.",
  config: "The experiment file as it was resolved.",
};

/** Everything a score depends on, by its hash. */
export function HashesPopover({ entry }: { readonly entry: LeaderboardEntry }): ReactNode {
  const { hashes } = entry;
  const trigger = <Button aria-label={`Hashes of ${policyName(entry)}`}>Hashes</Button>;
  return (
    <Popover trigger={trigger} label={`Hashes of ${policyName(entry)}`}>
      <div className={styles.hashes}>
        <KeyValueList
          items={[
            ...hashNames.map((name) => ({ key: name, value: <Hash value={hashes[name]} label={name} length={16} /> })),
            { key: "scorer", value: hashes.scorer },
          ]}
        />
      </div>
    </Popover>
  );
}
