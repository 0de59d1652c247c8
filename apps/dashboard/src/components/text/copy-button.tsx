import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { useOnPaper } from "../../state/on-paper.tsx";
import { IconButton } from "../controls/icon-button.tsx";
import type { IconName } from "./icon.tsx";

export interface CopyButtonProps {
  /** What is copied. A function is asked when the button is pressed. */
  readonly text: string | (() => string);
  readonly label: string;
  readonly icon?: IconName;
}

type CopyState = "ready" | "copied" | "refused";

const shownMs = 1500;

/** Copies a text, and says for a moment whether the browser let it. There is none on paper. */
export function CopyButton(props: CopyButtonProps): ReactNode {
  return useOnPaper() ? null : <LiveCopyButton {...props} />;
}

function LiveCopyButton({ text, label, icon = "copy" }: CopyButtonProps): ReactNode {
  const [state, setState] = useState<CopyState>("ready");
  useEffect(() => {
    if (state === "ready") return undefined;
    const timer = setTimeout(() => setState("ready"), shownMs);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = (): void => {
    // Absent on an address that is neither loopback nor encrypted.
    const clipboard: Clipboard | undefined = navigator.clipboard;
    if (clipboard === undefined) return setState("refused");
    const value = typeof text === "string" ? text : text();
    void clipboard.writeText(value).then(
      () => setState("copied"),
      () => setState("refused"),
    );
  };
  const words: Record<CopyState, string> = { ready: label, copied: "Copied", refused: "The browser forbids copying" };
  const icons: Record<CopyState, IconName> = { ready: icon, copied: "check", refused: "warning" };
  return <IconButton size="small" icon={icons[state]} label={words[state]} aria-live="polite" onClick={copy} />;
}
