import type { ReactNode } from "react";
import { useId } from "react";
import { joinClasses } from "../../style/join-classes.ts";
import styles from "./panel.module.css";

export interface PanelProps {
  /** Names the region; absent for a plain frame. */
  readonly title?: ReactNode;
  /** What the title means, in one line beneath it. */
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  /** Whether the content reaches the frame, as a table does. */
  readonly isFlush?: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A framed part of a page, with a heading of the second level. */
export function Panel({ title, description, actions, isFlush = false, className, children }: PanelProps): ReactNode {
  const titleId = useId();
  return (
    <section
      className={joinClasses(styles.panel, className)}
      aria-labelledby={title === undefined ? undefined : titleId}
    >
      {(title !== undefined || actions !== undefined) && (
        <div className={styles.head}>
          <div className={styles.words}>
            {title !== undefined && (
              <h2 id={titleId} className={styles.title}>
                {title}
              </h2>
            )}
            {description !== undefined && <p className={styles.description}>{description}</p>}
          </div>
          {actions !== undefined && <div className={styles.actions}>{actions}</div>}
        </div>
      )}
      <div className={isFlush ? styles.flush : styles.body}>{children}</div>
    </section>
  );
}
