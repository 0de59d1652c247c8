import { Popover as Base } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";
import styles from "./popup.module.css";

export interface PopoverProps {
  /** A button. */
  readonly trigger: ReactElement;
  /** Names what opens. */
  readonly label: string;
  readonly children: ReactNode;
}

/** A small panel beside its button; closes with Escape or a press elsewhere. */
export function Popover({ trigger, label, children }: PopoverProps): ReactNode {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align="start" className={styles.positioner}>
          <Base.Popup className={styles.popup} aria-label={label}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
