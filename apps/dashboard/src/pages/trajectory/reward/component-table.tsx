import type { RewardCard } from "@litmus/api";
import type { ReactNode } from "react";
import { RecordText } from "../../../components/record/record-text.tsx";
import { formatNumber } from "../../../format/number.ts";
import styles from "./reward.module.css";

export interface ComponentTableProps {
  readonly components: RewardCard["components"];
  readonly total: number;
}

/** The parts of a reward: score times weight each, and their sum. */
export function ComponentTable({ components, total }: ComponentTableProps): ReactNode {
  return (
    <table className={styles.components}>
      <caption className={styles.hidden}>Components of the reward</caption>
      <thead>
        <tr>
          <th scope="col">Component</th>
          <th scope="col">Score</th>
          <th scope="col">× weight</th>
          <th scope="col">=</th>
        </tr>
      </thead>
      <tbody>
        {components.map(({ name, score, weight, detail }) => (
          <tr key={name}>
            <th scope="row">
              <RecordText text={name} />
              {detail !== "" && (
                <span className={styles.detail}>
                  <RecordText text={detail} />
                </span>
              )}
            </th>
            <td>{formatNumber(score)}</td>
            <td>{formatNumber(weight)}</td>
            <td>{formatNumber(score * weight)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={3}>
            Total
          </th>
          <td>{formatNumber(total)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
