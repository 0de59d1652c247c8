import type { ComponentProps, KeyboardEvent, ReactNode } from "react";
import { joinClasses } from "../../style/join-classes.ts";
import { Icon } from "../text/icon.tsx";
import styles from "./field.module.css";

export interface SearchFieldProps extends Omit<ComponentProps<"input">, "type" | "aria-label"> {
  /** What is searched: spoken, and shown while it is empty. */
  readonly label: string;
  /** A key that leads here. */
  readonly hint?: string;
}

/** A field for words to look for. Escape empties it, then leaves it. */
export function SearchField({ label, hint, className, ...rest }: SearchFieldProps): ReactNode {
  return (
    <span className={joinClasses(styles.field, className)}>
      <Icon name="search" />
      <input
        autoComplete="off"
        onKeyDown={leaveOnEscape}
        spellCheck={false}
        placeholder={label}
        {...rest}
        type="search"
        aria-label={label}
      />
      {hint !== undefined && <kbd aria-hidden="true">{hint}</kbd>}
    </span>
  );
}

function leaveOnEscape({ key, currentTarget }: KeyboardEvent<HTMLInputElement>): void {
  if (key === "Escape" && currentTarget.value === "") currentTarget.blur();
}
