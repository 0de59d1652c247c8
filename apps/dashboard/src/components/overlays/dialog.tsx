import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactElement, ReactNode } from "react";
import { IconButton } from "../controls/icon-button.tsx";
import styles from "./overlay.module.css";

export interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Opens it; not needed when `isOpen` is held outside. */
  readonly trigger?: ReactElement;
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
  /** The buttons at its foot. */
  readonly actions?: ReactNode;
}

/** A modal dialog: keeps the focus, closes with Escape, gives the focus back. */
export function Dialog({ title, children, trigger, isOpen, onOpenChange, actions }: DialogProps): ReactNode {
  return (
    <Base.Root {...(isOpen === undefined ? {} : { open: isOpen })} onOpenChange={(next) => onOpenChange?.(next)}>
      {trigger !== undefined && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={styles.scrim} />
        <Base.Popup className={styles.dialog}>
          <div className={styles.head}>
            <Base.Title className={styles.heading}>{title}</Base.Title>
            <Base.Close render={<IconButton icon="close" label="Close" />} />
          </div>
          <div className={styles.body}>{children}</div>
          {actions !== undefined && <div className={styles.foot}>{actions}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
