import type { ReactNode } from "react";
import styles from "./page-header.module.css";

export interface PageHeaderProps {
  readonly title: ReactNode;
  /** What the browser's tab says, where the title is not plain text. */
  readonly tabTitle?: string;
  /** A short line above the title: where this page belongs. */
  readonly overline?: ReactNode;
  /** Facts in one line under the title. */
  readonly meta?: ReactNode;
  readonly actions?: ReactNode;
}

/** The head of a page: its only `h1`, facts about it, and what can be done with it. */
export function PageHeader({ title, tabTitle, overline, meta, actions }: PageHeaderProps): ReactNode {
  const tab = tabTitle ?? (typeof title === "string" ? title : null);
  return (
    <header className={styles.header}>
      {tab !== null && <title>{`${tab} · Litmus`}</title>}
      <div className={styles.words}>
        {overline !== undefined && <p className={styles.overline}>{overline}</p>}
        <h1 className={styles.title}>{title}</h1>
        {meta !== undefined && <div className={styles.meta}>{meta}</div>}
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}
