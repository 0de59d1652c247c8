import type { Control, RunHead } from "@litmus/api";
import { useState } from "react";
import type { ReactNode } from "react";
import { Button } from "../../../components/controls/button.tsx";
import { Dialog } from "../../../components/overlays/dialog.tsx";
import { CodeBlock } from "../../../components/text/code-block.tsx";
import { runLabel } from "../../../format/run-label.ts";
import styles from "./stop-dialog.module.css";

export interface StopDialogProps {
  readonly run: RunHead;
  readonly control: Control;
  readonly disabled: boolean;
  readonly isBusy: boolean;
  readonly onStop: () => void;
}

/** The button that stops a run, and the question before it. */
export function StopDialog({ run, control, disabled, isBusy, onStop }: StopDialogProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const stop = (): void => {
    setOpen(false);
    onStop();
  };
  return (
    <Dialog
      title={`Stop ${runLabel(run.name, run.id)}?`}
      isOpen={isOpen}
      onOpenChange={setOpen}
      trigger={
        <Button icon="stop" tone="danger" disabled={disabled} isBusy={isBusy}>
          Stop
        </Button>
      }
      actions={
        <>
          <Button onClick={() => setOpen(false)}>Keep it running</Button>
          <Button tone="danger" icon="stop" onClick={stop}>
            Stop the run
          </Button>
        </>
      }
    >
      <div className={styles.words}>
        <p>
          It ends at the next safe point. Everything stored stays; episodes under way are dropped, not counted as
          failed.
        </p>
        {control.resumeCommand !== null && (
          <>
            <p>Later it goes on from there with:</p>
            <CodeBlock text={control.resumeCommand} label="Command that goes on with the run" isWrapping />
          </>
        )}
      </div>
    </Dialog>
  );
}
