import { Menu as Base } from "@base-ui/react/menu";
import type { ReactElement, ReactNode } from "react";
import { Icon } from "../text/icon.tsx";
import type { IconName } from "../text/icon.tsx";
import styles from "./popup.module.css";

export interface MenuItem {
  /** Unique in its menu. */
  readonly label: string;
  readonly icon?: IconName;
  readonly isDisabled?: boolean;
  readonly onSelect: () => void;
}

export interface MenuProps {
  /** A button. */
  readonly trigger: ReactElement;
  readonly items: readonly MenuItem[];
}

/** Actions behind a button. */
export function Menu({ trigger, items }: MenuProps): ReactNode {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align="end" className={styles.positioner}>
          <Base.Popup className={styles.menu}>
            {items.map(({ label, icon, isDisabled = false, onSelect }) => (
              <Base.Item key={label} className={styles.item} disabled={isDisabled} onClick={onSelect}>
                {icon !== undefined && <Icon name={icon} />}
                {label}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
