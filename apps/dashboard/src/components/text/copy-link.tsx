import type { ReactNode } from "react";
import { CopyButton } from "./copy-button.tsx";

/**
 * Copies the address of this view, or of a place in it.
 * @param anchor the fragment of the place, without `#`; the view itself where it is absent
 */
export function CopyLink({
  label = "Copy a link to this view",
  anchor,
}: {
  readonly label?: string;
  readonly anchor?: string;
}): ReactNode {
  const address = (): string => {
    const { origin, pathname, search } = window.location;
    return `${origin}${pathname}${search}${anchor === undefined ? "" : `#${anchor}`}`;
  };
  return <CopyButton icon="link" text={address} label={label} />;
}
