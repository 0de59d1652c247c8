import type { RunView } from "@litmus/api";
import type { ReactNode } from "react";
import styles from "../run-page.module.css";
import { ConfigDifferences } from "./config-differences.tsx";
import { ConfigLeaves } from "./config-leaves.tsx";
import { ManifestPanel } from "./manifest-panel.tsx";

/** What the run was asked to do, what of it differs from another run, and the hashes of all it depends on. */
export function ConfigTab({ view }: { readonly view: RunView }): ReactNode {
  return (
    <div className={styles.panels}>
      <ConfigDifferences view={view} />
      <ConfigLeaves leaves={view.config.leaves} />
      <ManifestPanel manifest={view.manifest} />
    </div>
  );
}
