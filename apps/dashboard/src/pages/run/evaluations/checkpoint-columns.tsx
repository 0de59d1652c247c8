import type { RunView } from "@litmus/api";
import type { Column } from "../../../components/table/column.ts";
import { Hash } from "../../../components/text/hash.tsx";
import { Time } from "../../../components/text/time.tsx";
import { formatCount } from "../../../format/number.ts";

type Checkpoint = RunView["checkpoints"][number];

export function checkpointColumns(checkpoints: readonly Checkpoint[]): Column<Checkpoint>[] {
  const versions = new Map(checkpoints.map(({ sha256, version }) => [sha256, version]));
  return [
    { id: "version", label: "Version", widthRem: 6, cell: ({ version }) => formatCount(version) },
    { id: "place", label: "After", widthRem: 12, cell: ({ stage, step }) => `${stage}, step ${formatCount(step)}` },
    {
      id: "sha256",
      label: "Adapter",
      hint: "SHA-256 of the adapter's file.",
      widthRem: 11,
      cell: ({ sha256, version }) => <Hash value={sha256} label={`version ${version}`} />,
    },
    {
      id: "parent",
      label: "Trained from",
      widthRem: 16,
      cell: ({ parentSha256 }) => (
        <>
          {parentName(parentSha256, versions)}{" "}
          {parentSha256 !== null && <Hash value={parentSha256} label="the parent" isBrief />}
        </>
      ),
    },
    { id: "createdAt", label: "Written", widthRem: 11, cell: ({ createdAt }) => <Time iso={createdAt} /> },
  ];
}

function parentName(sha256: string | null, versions: ReadonlyMap<string, number>): string {
  if (sha256 === null) return "the base";
  const version = versions.get(sha256);
  return version === undefined ? "an adapter of elsewhere" : `version ${formatCount(version)}`;
}
