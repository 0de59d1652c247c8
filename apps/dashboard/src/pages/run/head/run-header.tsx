import type { RunView } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { LinkButton } from "../../../components/controls/link-button.tsx";
import { PageHeader } from "../../../components/layout/page-header.tsx";
import { StatusBadge } from "../../../components/layout/status-badge.tsx";
import { CopyLink } from "../../../components/text/copy-link.tsx";
import { Hash } from "../../../components/text/hash.tsx";
import { formatDate } from "../../../format/date.ts";
import { runLabel } from "../../../format/run-label.ts";
import { RunControls } from "./run-controls.tsx";

/** Which run this is, how it stands, and what may be done with it. */
export function RunHeader({ view }: { readonly view: RunView }): ReactNode {
  const { run, control, config } = view;
  return (
    <PageHeader
      overline={<Link to="/runs">Runs</Link>}
      title={runLabel(run.name, run.id)}
      meta={
        <>
          <StatusBadge status={run.status} />
          {run.seed !== null && <span>seed {run.seed}</span>}
          <span>
            config <Hash value={run.configHash} label="the config" />
          </span>
          <span>begun {formatDate(run.createdAt)}</span>
          {run.finishedAt !== null && <span>ended {formatDate(run.finishedAt)}</span>}
        </>
      }
      actions={
        <>
          <CopyLink />
          <LinkButton
            to="/compare"
            search={{ runs: [...(config.parent === null ? [] : [config.parent.run.id]), run.id] }}
            icon="compare"
          >
            Compare
          </LinkButton>
          <RunControls run={run} control={control} />
        </>
      }
    />
  );
}
