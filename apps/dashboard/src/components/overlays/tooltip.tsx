import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";
import styles from "./popup.module.css";

export interface TooltipProps {
  /** Something that takes the focus and has a name of its own: a tooltip only adds to it. */
  readonly children: ReactElement;
  readonly text: ReactNode;
}

/** More about a control, on hover and focus. What must be read by touch too belongs into a {@link Hint}. */
export function Tooltip({ children, text }: TooltipProps): ReactNode {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} className={styles.positioner}>
          <Base.Popup className={styles.tooltip}>{text}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
