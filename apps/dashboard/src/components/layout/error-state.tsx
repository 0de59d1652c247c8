import type { ReactNode } from "react";
import { describeError } from "../../api/describe-error.ts";
import { joinClasses } from "../../style/join-classes.ts";
import { Button } from "../controls/button.tsx";
import { CodeBlock } from "../text/code-block.tsx";
import { Icon } from "../text/icon.tsx";
import styles from "./state.module.css";

export interface ErrorStateProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What failed, where, and what to do. */
export function ErrorState({ error, onRetry }: ErrorStateProps): ReactNode {
  const { message, path, hint, detail } = describeError(error);
  return (
    <div className={joinClasses(styles.state, styles.error)} role="alert">
      <p className={styles.title}>
        <Icon name="warning" /> {message}
      </p>
      <div className={styles.text}>
        {path !== undefined && (
          <p>
            at <code>{path}</code>
          </p>
        )}
        <p>{hint}</p>
        {detail !== undefined && (
          <details>
            <summary>All that was wrong</summary>
            <CodeBlock label="all that was wrong" text={detail} isWrapping />
          </details>
        )}
      </div>
      {onRetry !== undefined && (
        <Button icon="refresh" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
