import type { ReactNode } from "react";
import { Button } from "../../../components/controls/button.tsx";
import { LinkButton } from "../../../components/controls/link-button.tsx";

export interface NeighbourProps {
  readonly direction: "previous" | "next";
  /** Null at the end of the list. */
  readonly trajectoryId: string | null;
}

const looks = {
  previous: { label: "Previous", icon: "arrow-left", key: "[" },
  next: { label: "Next", icon: "arrow-right", key: "]" },
} as const;

/** The way to the trajectory before or after this one, of the same run, stage, step and purpose. */
export function Neighbour({ direction, trajectoryId }: NeighbourProps): ReactNode {
  const { label, icon, key } = looks[direction];
  const words = (
    <>
      {label} <kbd aria-hidden="true">{key}</kbd>
    </>
  );
  if (trajectoryId === null)
    return (
      <Button icon={icon} disabled>
        {words}
      </Button>
    );
  return (
    <LinkButton
      icon={icon}
      to="/trajectories/$trajectoryId"
      params={{ trajectoryId }}
      search={({ tokens: _tokens, turn: _turn, ...kept }) => kept}
      aria-keyshortcuts={key}
    >
      {words}
    </LinkButton>
  );
}
