import type { RunView } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { LinkButton } from "../../../components/controls/link-button.tsx";
import { StatusBadge } from "../../../components/layout/status-badge.tsx";
import { formatCount } from "../../../format/number.ts";
import { runLabel } from "../../../format/run-label.ts";
import styles from "./run-seeds.module.css";

/** Named one by one; what is more is counted. */
const mostNamed = 12;
const mostCompared = 20;

/** The runs of the same config but for the seed. A run that stands alone shows none. */
export function RunSeeds({ view: { run, seeds } }: { readonly view: RunView }): ReactNode {
  if (seeds.length < 2) return null;
  const named = seeds.filter(({ id }, i) => i < mostNamed || id === run.id);
  const compared = [run.id, ...seeds.map(({ id }) => id).filter((id) => id !== run.id)].slice(0, mostCompared);
  return (
    <nav className={styles.seeds} aria-label="Seeds">
      <span className={styles.label}>Seeds</span>
      <ul className={styles.list}>
        {named.map((head) => (
          <li key={head.id} className={styles.seed}>
            <Seed head={head} isCurrent={head.id === run.id} />
            <StatusBadge status={head.status} />
          </li>
        ))}
        {named.length < seeds.length && <li>and {formatCount(seeds.length - named.length)} more</li>}
      </ul>
      <LinkButton to="/compare" search={{ runs: compared }} icon="compare" tone="quiet">
        Compare the seeds
      </LinkButton>
    </nav>
  );
}

interface SeedProps {
  readonly head: RunView["run"];
  readonly isCurrent: boolean;
}

/** A seed's number leads to its run, at the tab and with the choices of this one. */
function Seed({ head: { id, name, seed }, isCurrent }: SeedProps): ReactNode {
  const words = seed ?? runLabel(name, id);
  if (isCurrent) return <strong aria-current="page">{words}</strong>;
  return (
    <Link to="/runs/$runId" params={{ runId: id }} search={(current) => current}>
      {words}
    </Link>
  );
}
