import type { ReactNode } from "react";
import styles from "./toolbar.module.css";

/** What searches, chooses and filters, above the table that it is for; the search field is the first. */
export function Toolbar({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={styles.toolbar}>{children}</div>;
}
