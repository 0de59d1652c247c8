import type { ReactNode } from "react";
import { CopyButton } from "./copy-button.tsx";

/** Copies the address of this view. */
export function CopyLink(): ReactNode {
  const address = (): string => {
    const { origin, pathname, search } = window.location;
    return `${origin}${pathname}${search}`;
  };
  return <CopyButton icon="link" text={address} label="Copy a link to this view" />;
}
