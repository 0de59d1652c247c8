import type { ReactNode } from "react";
import { CopyButton } from "./copy-button.tsx";
import styles from "./code-block.module.css";

export interface CodeBlockProps {
  readonly text: string;
  /** What it is: names the region and its copy button. */
  readonly label: string;
  /** Whether long lines are broken rather than scrolled. */
  readonly isWrapping?: boolean;
}

/** A text as it is, in a fixed pitch, scrolled by keyboard too. Never read as markup. */
export function CodeBlock({ text, label, isWrapping = false }: CodeBlockProps): ReactNode {
  return (
    <div className={styles.block}>
      <pre className={styles.text} data-wrapping={isWrapping} tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
      <div className={styles.copy}>
        <CopyButton text={text} label={`Copy ${label}`} />
      </div>
    </div>
  );
}
