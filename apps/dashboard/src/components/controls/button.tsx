import type { ComponentProps, ReactNode } from "react";
import { Icon } from "../text/icon.tsx";
import type { IconName } from "../text/icon.tsx";
import { joinClasses } from "../../style/join-classes.ts";
import styles from "./button.module.css";

export interface ButtonProps extends ComponentProps<"button"> {
  /** `primary` for the one main action of a place, `quiet` inside dense rows, `danger` for what cannot be undone. */
  readonly tone?: "default" | "primary" | "quiet" | "danger";
  readonly icon?: IconName;
  /** Dimmed and without effect, and said to be busy. */
  readonly isBusy?: boolean;
}

export function Button({
  tone = "default",
  icon,
  isBusy = false,
  className,
  children,
  ...rest
}: ButtonProps): ReactNode {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled === true || isBusy}
      aria-busy={isBusy || undefined}
      className={joinClasses(styles.button, styles[tone], className)}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}
