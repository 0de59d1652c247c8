import { useEffect, useRef } from "react";
import type { ComponentProps, ReactNode } from "react";
import { joinClasses } from "../../style/join-classes.ts";
import styles from "./toggle.module.css";

export interface CheckboxProps extends Omit<ComponentProps<"input">, "type" | "onChange" | "checked" | "role"> {
  readonly label: ReactNode;
  readonly isChecked: boolean;
  /** Some of what it stands for is chosen. */
  readonly isMixed?: boolean;
  readonly onCheckedChange: (isChecked: boolean) => void;
  /** The label is spoken alone, as in the cells of a table. */
  readonly hasHiddenLabel?: boolean;
}

export function Checkbox({
  label,
  isChecked,
  isMixed = false,
  onCheckedChange,
  hasHiddenLabel = false,
  className,
  ...rest
}: CheckboxProps): ReactNode {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // No attribute of HTML says it.
    if (box.current !== null) box.current.indeterminate = isMixed;
  }, [isMixed]);
  return (
    <label className={joinClasses(styles.toggle, className)}>
      <input
        {...rest}
        ref={box}
        type="checkbox"
        checked={isChecked}
        onChange={(event) => onCheckedChange(event.currentTarget.checked)}
      />
      <span className={joinClasses(hasHiddenLabel && styles.hidden)}>{label}</span>
    </label>
  );
}
