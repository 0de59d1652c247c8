import type { ComponentProps, ReactNode } from "react";
import { joinClasses } from "../../style/join-classes.ts";
import { Icon } from "../text/icon.tsx";
import type { IconName } from "../text/icon.tsx";
import styles from "./button.module.css";

export interface IconButtonProps extends Omit<ComponentProps<"button">, "children" | "aria-label"> {
  readonly icon: IconName;
  /** What it does, for screen readers and as its title. */
  readonly label: string;
  readonly tone?: "default" | "quiet";
  readonly size?: "normal" | "small";
}

/** A button without a word on it; its name is spoken and shown on hover. */
export function IconButton({
  icon,
  label,
  tone = "quiet",
  size = "normal",
  className,
  ...rest
}: IconButtonProps): ReactNode {
  const classes = joinClasses(styles.button, styles.square, styles[tone], size === "small" && styles.small, className);
  return (
    <button type="button" title={label} {...rest} aria-label={label} className={classes}>
      <Icon name={icon} size={size === "small" ? 14 : 16} />
    </button>
  );
}
