import { useState } from "react";
import type { ReactNode } from "react";
import { Checkbox } from "./checkbox.tsx";
import styles from "./check-list.module.css";
import { SearchField } from "./search-field.tsx";

export interface CheckOption {
  readonly value: string;
  readonly label?: string;
  /** Rows that it stands for. */
  readonly count?: number;
}

export interface CheckListProps {
  /** What is chosen from. */
  readonly label: string;
  readonly options: readonly CheckOption[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: string[]) => void;
  /** Whether one stays chosen: the last cannot be taken away. */
  readonly isRequired?: boolean;
  /** So many at most: no other can be taken then. */
  readonly most?: number;
}

const searchFrom = 9;

/** Any number of values, in the order of the options; many of them can be searched. */
export function CheckList({
  label,
  options,
  chosen,
  onChange,
  isRequired = false,
  most = Infinity,
}: CheckListProps): ReactNode {
  const [words, setWords] = useState("");
  const shown = options.filter(({ value, label: text }) => (text ?? value).toLowerCase().includes(words.toLowerCase()));
  const left = options.filter(({ value }) => chosen.includes(value));
  const last = isRequired && left.length === 1 ? left[0]?.value : undefined;
  const isFull = left.length >= most;
  const toggle = (toggled: string, isChecked: boolean): void =>
    onChange(
      options.map(({ value }) => value).filter((value) => (value === toggled ? isChecked : chosen.includes(value))),
    );
  return (
    <fieldset className={styles.list}>
      <legend className={styles.legend}>{label}</legend>
      {options.length >= searchFrom && (
        <SearchField
          label={`Find in ${label}`}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      )}
      <ul className={styles.options}>
        {shown.map(({ value, label: text, count }) => (
          <li key={value} className={styles.option}>
            <Checkbox
              label={text ?? value}
              isChecked={chosen.includes(value)}
              disabled={value === last || (isFull && !chosen.includes(value))}
              onCheckedChange={(isChecked) => toggle(value, isChecked)}
            />
            {count !== undefined && <span className={styles.count}>{count}</span>}
          </li>
        ))}
        {shown.length === 0 && <li className={styles.none}>Nothing of that name</li>}
      </ul>
      {isFull && <p className={styles.none}>{most} at most: take one away to choose another.</p>}
      {last !== undefined && <p className={styles.none}>The last one stays: choose another first.</p>}
    </fieldset>
  );
}
