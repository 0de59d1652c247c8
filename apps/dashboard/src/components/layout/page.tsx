import type { ReactNode } from "react";
import styles from "./page.module.css";

/** The parts of a page one under the other, its header first. */
export function Page({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={styles.page}>{children}</div>;
}
