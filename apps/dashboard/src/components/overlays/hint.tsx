import { Popover as Base } from "@base-ui/react/popover";
import type { ReactNode } from "react";
import { useOnPaper } from "../../state/on-paper.tsx";
import styles from "./popup.module.css";

export interface HintProps {
  /** The word that is explained, as it stands in the text. */
  readonly children: ReactNode;
  readonly text: ReactNode;
}

/** A word with its explanation: on hover, by keyboard, and by touch; on paper the word alone. */
export function Hint({ children, text }: HintProps): ReactNode {
  if (useOnPaper()) return children;
  return (
    <Base.Root>
      <Base.Trigger openOnHover delay={250} className={styles.term}>
        {children}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={6} className={styles.positioner}>
          <Base.Popup className={styles.tooltip} initialFocus={false}>
            <Base.Description>{text}</Base.Description>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
