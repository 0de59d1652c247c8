import { Combobox } from "@base-ui/react/combobox";
import type { ReactNode } from "react";
import { joinClasses } from "../../style/join-classes.ts";
import { Icon } from "../text/icon.tsx";
import fieldStyles from "./field.module.css";
import styles from "./search-select.module.css";

export interface Choice {
  readonly value: string;
  readonly label: string;
  /** What tells it from others of the same label. */
  readonly detail?: string;
}

export interface SearchSelectProps {
  /** What is chosen: spoken, and shown while the field is empty. */
  readonly label: string;
  readonly words: string;
  readonly onWords: (words: string) => void;
  /** What the words find, by whoever searches. */
  readonly choices: readonly Choice[];
  /** What stands in place of no choices. */
  readonly empty: ReactNode;
  readonly onChoose: (value: string) => void;
}

/** Finds one of many by words, and hands it on; the field is empty again then. */
export function SearchSelect({ label, words, onWords, choices, empty, onChoose }: SearchSelectProps): ReactNode {
  const choose = (choice: Choice | null): void => {
    if (choice === null) return;
    onChoose(choice.value);
    onWords("");
  };
  return (
    <Combobox.Root
      items={choices}
      filter={null}
      value={null}
      onValueChange={choose}
      inputValue={words}
      onInputValueChange={(typed, { reason }) => {
        if (reason === "input-change" || reason === "input-clear" || reason === "clear-press") onWords(typed);
      }}
      itemToStringLabel={(choice: Choice) => choice.label}
      autoHighlight
    >
      <span className={joinClasses(fieldStyles.field, styles.field)}>
        <Icon name="search" />
        <Combobox.Input aria-label={label} placeholder={label} spellCheck={false} />
      </span>
      <Combobox.Portal>
        <Combobox.Positioner sideOffset={6} align="end" className={styles.positioner}>
          <Combobox.Popup className={styles.popup}>
            <Combobox.Empty className={styles.empty}>{empty}</Combobox.Empty>
            <Combobox.List>
              {(choice: Choice) => (
                <Combobox.Item key={choice.value} value={choice} className={styles.item}>
                  <span className={styles.label}>{choice.label}</span>
                  {choice.detail !== undefined && <span className={styles.detail}>{choice.detail}</span>}
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}
