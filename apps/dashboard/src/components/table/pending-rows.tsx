import type { ReactNode } from "react";
import { Skeleton } from "../layout/skeleton.tsx";
import styles from "./pending-rows.module.css";

/** Keeps the place of a table in a frame that it will reach. */
export function PendingRows(): ReactNode {
  return (
    <div className={styles.rows}>
      <Skeleton lines={8} label="Loading the rows" />
    </div>
  );
}
