import { createLink } from "@tanstack/react-router";
import type { ComponentProps, ReactNode } from "react";
import { joinClasses } from "../../style/join-classes.ts";
import { Icon } from "../text/icon.tsx";
import type { IconName } from "../text/icon.tsx";
import styles from "./button.module.css";

export interface LinkButtonProps extends ComponentProps<"a"> {
  readonly tone?: "default" | "primary" | "quiet";
  readonly icon?: IconName;
}

function ButtonAnchor({ tone = "default", icon, className, children, ...rest }: LinkButtonProps): ReactNode {
  return (
    <a {...rest} className={joinClasses(styles.button, styles[tone], className)}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </a>
  );
}

/** A link to a page that looks like a button: it goes somewhere, where a button does something. */
export const LinkButton = createLink(ButtonAnchor);
