import { Link } from "@tanstack/react-router";
import type { LinkComponent } from "@tanstack/react-router";
import type { ComponentProps, ReactNode } from "react";
import { useOnPaper } from "../../state/on-paper.tsx";

function DrawnLink(props: ComponentProps<typeof Link>): ReactNode {
  const isOnPaper = useOnPaper();
  if (!isOnPaper && hasAddress(props.params)) return <Link {...props} />;
  return <span>{typeof props.children === "function" ? null : props.children}</span>;
}

/** An id with half a character has no address: it cannot be encoded. */
const hasAddress = (params: unknown): boolean =>
  typeof params !== "object" ||
  params === null ||
  Object.values(params).every((id) => typeof id !== "string" || id.isWellFormed());

/** A link to another page; its words alone where there is none: on paper, and of an id that has no address. */
export const PageLink = DrawnLink as LinkComponent<"a">;
