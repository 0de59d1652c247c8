import type { ReactNode } from "react";
import { Dialog } from "../../components/overlays/dialog.tsx";
import styles from "./shell.module.css";

const keys = [
  ["/", "Search"],
  ["?", "This help"],
  ["J  K", "Next, previous row or turn"],
  ["Enter", "Open the row"],
  ["[  ]", "Previous, next trajectory of the group"],
  ["←  →", "Point by point along a focused chart"],
  ["Esc", "Close, or leave a field"],
] as const;

export interface KeyboardHelpProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** The keys that work on every page. */
export function KeyboardHelp(props: KeyboardHelpProps): ReactNode {
  return (
    <Dialog title="Keyboard" {...props}>
      <dl className={styles.keys}>
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              {key.split("  ").map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
