import { Link } from "@tanstack/react-router";
import type { LinkComponent } from "@tanstack/react-router";
import type { ComponentProps, ReactNode } from "react";
import { useOnPaper } from "../../state/on-paper.tsx";

function DrawnLink(props: ComponentProps<typeof Link>): ReactNode {
  if (!useOnPaper()) return <Link {...props} />;
  return <span>{typeof props.children === "function" ? null : props.children}</span>;
}

/** A link to another page; on paper, where there is none, its words alone. */
export const PageLink = DrawnLink as LinkComponent<"a">;
