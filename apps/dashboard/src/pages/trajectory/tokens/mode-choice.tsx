import type { ReactNode } from "react";
import { tokenModes } from "../search.ts";
import type { TokenMode } from "../search.ts";
import styles from "./tokens.module.css";

export interface ModeChoiceProps {
  readonly mode: TokenMode;
  readonly onChange: (mode: TokenMode) => void;
}

const labels: Record<TokenMode, string> = {
  "log-probability": "Log-probability",
  advantage: "Advantage",
  difference: "Sampler–trainer difference",
  mask: "Mask",
};

/** What the tokens are coloured by, one at a time. */
export function ModeChoice({ mode, onChange }: ModeChoiceProps): ReactNode {
  return (
    <fieldset className={styles.modes}>
      <legend>Colour by</legend>
      {tokenModes.map((one) => (
        <label key={one} className={styles.mode}>
          <input type="radio" name="token-mode" value={one} checked={one === mode} onChange={() => onChange(one)} />
          {labels[one]}
        </label>
      ))}
    </fieldset>
  );
}
