import type { ReactNode } from "react";
import styles from "./key-value-list.module.css";

export interface KeyValue {
  /** Unique in its list. */
  readonly key: string;
  /** What is shown for the key; the key itself where it is absent. */
  readonly label?: ReactNode;
  readonly value: ReactNode;
}

/** Names and values in two columns, or one under the other where it is narrow. */
export function KeyValueList({ items }: { readonly items: readonly KeyValue[] }): ReactNode {
  return (
    <dl className={styles.list}>
      {items.map(({ key, label, value }) => (
        <div key={key} className={styles.pair}>
          <dt>{label ?? key}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
