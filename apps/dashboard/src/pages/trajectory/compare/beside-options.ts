import type { Attempt, TrajectoryView } from "@litmus/api";
import type { SelectOption } from "../../../components/controls/select.tsx";
import { formatNumber } from "../../../format/number.ts";

/** What may stand beside a trajectory: the other members of its group, then the same question at other checkpoints and in other runs. */
export function besideOptions({ id, key, group, others }: TrajectoryView): SelectOption<string>[] {
  const members = group.filter(({ trajectoryId }) => trajectoryId !== id);
  return [
    { value: "", label: "Choose…" },
    ...members.map((one) => ({ value: one.trajectoryId, label: `Same group, member ${one.member} · ${worth(one)}` })),
    ...others.map((one) => ({ value: one.trajectoryId, label: `${placeOf(one, key.runId)} · ${worth(one)}` })),
  ];
}

function placeOf({ runId, stage, step, purpose, version, member }: Attempt, ownRunId: string): string {
  const run = runId === ownRunId ? "" : `${runId} · `;
  return `${run}v${version} · ${stage} step ${step} · ${purpose} ${member}`;
}

const worth = ({ reward }: Attempt): string => (reward === null ? "not scored" : `reward ${formatNumber(reward, 2)}`);
