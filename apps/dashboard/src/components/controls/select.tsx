import type { ReactNode } from "react";
import { joinClasses } from "../../style/join-classes.ts";
import { Icon } from "../text/icon.tsx";
import styles from "./select.module.css";

export interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

export interface SelectProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly SelectOption<Value>[];
  readonly onChange: (value: Value) => void;
  /** The label is spoken alone. */
  readonly hasHiddenLabel?: boolean;
  readonly isDisabled?: boolean;
}

/** One of a few. The browser's own list: known to every keyboard, screen reader and telephone. */
export function Select<Value extends string>({
  label,
  value,
  options,
  onChange,
  hasHiddenLabel = false,
  isDisabled = false,
}: SelectProps<Value>): ReactNode {
  const choose = (chosen: string): void => {
    const option = options.find((one) => one.value === chosen);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <label className={styles.field}>
      <span className={joinClasses(styles.label, hasHiddenLabel && styles.hidden)}>{label}</span>
      <span className={styles.box}>
        <select value={value} disabled={isDisabled} onChange={(event) => choose(event.currentTarget.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <Icon name="chevron-down" />
      </span>
    </label>
  );
}
