import type { ReactNode } from "react";
import type { TokenMode } from "../search.ts";
import { tokenLegend } from "./token-scale.ts";
import styles from "./tokens.module.css";

const titles: Record<TokenMode, string> = {
  "log-probability": "Probability with which the token was sampled",
  advantage: "Advantage that the update gave the token",
  difference: "Log-probability of the trainer minus that of the sampler",
  mask: "Who wrote the token",
};

/** What the colours and patterns of a mode mean. */
export function TokenLegend({ mode }: { readonly mode: TokenMode }): ReactNode {
  return (
    <div className={styles.legend}>
      <p id="token-legend">{titles[mode]}</p>
      <ul aria-labelledby="token-legend">
        {tokenLegend(mode).map(({ step, label }) => (
          <li key={step}>
            <span className={styles.token} data-step={step} aria-hidden="true">
              abc
            </span>
            {label}
          </li>
        ))}
      </ul>
    </div>
  );
}
