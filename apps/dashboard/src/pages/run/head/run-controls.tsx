import type { Control, ControlAction, RunHead } from "@litmus/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import type { ReactNode } from "react";
import { useApi } from "../../../api/api-provider.tsx";
import { describeError } from "../../../api/describe-error.ts";
import { Button } from "../../../components/controls/button.tsx";
import type { IconName } from "../../../components/text/icon.tsx";
import styles from "./run-controls.module.css";
import { StopDialog } from "./stop-dialog.tsx";

/** What makes sense in a state; what of it may be done, `Control.actions` says. */
const sensible: Record<Control["state"], readonly ControlAction[]> = {
  running: ["pause", "stop"],
  pausing: ["resume", "stop"],
  paused: ["resume", "stop"],
  stopping: ["stop"],
  elsewhere: ["pause", "stop"],
  ended: [],
};
const words: Record<Exclude<ControlAction, "stop">, { readonly label: string; readonly icon: IconName }> = {
  pause: { label: "Pause", icon: "pause" },
  resume: { label: "Go on", icon: "play" },
};
const underWay: Partial<Record<Control["state"], string>> = {
  pausing: "Pausing after the step under way…",
  paused: "Paused: it keeps its place until it goes on.",
  stopping: "Stopping at the next safe point…",
};

/** Pause, go on and stop, each only where it may be done; where not, why. Nothing of a run that has ended. */
export function RunControls({ run, control }: { readonly run: RunHead; readonly control: Control }): ReactNode {
  const api = useApi();
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: (action: ControlAction) => api.control(run.id, action),
    onSettled: () => client.invalidateQueries({ queryKey: ["run", run.id] }),
  });
  const wordsId = useId();
  const actions = sensible[control.state];
  const told = [underWay[control.state], control.reason].filter((text) => text !== undefined && text !== null);
  const stateOf = (action: ControlAction): { readonly disabled: boolean; readonly isBusy: boolean } => ({
    disabled: !control.actions.includes(action) || act.isPending,
    isBusy: act.isPending && act.variables === action,
  });
  if (actions.length === 0 && told.length === 0 && act.error === null) return null;
  return (
    <div className={styles.controls}>
      {actions.length > 0 && (
        <div className={styles.buttons} role="group" aria-label="Control of the run" aria-describedby={wordsId}>
          {actions.map((action) =>
            action === "stop" ? (
              <StopDialog
                key={action}
                run={run}
                control={control}
                {...stateOf(action)}
                onStop={() => act.mutate(action)}
              />
            ) : (
              <Button key={action} icon={words[action].icon} {...stateOf(action)} onClick={() => act.mutate(action)}>
                {words[action].label}
              </Button>
            ),
          )}
        </div>
      )}
      <p id={wordsId} className={styles.reason} role="status">
        {told.join(" ")}
      </p>
      {act.error !== null && (
        <p className={styles.error} role="alert">
          {describeError(act.error).message}. {describeError(act.error).hint}
        </p>
      )}
    </div>
  );
}
