import { useId } from "react";
import type { ReactNode } from "react";
import { useDraft } from "../../state/use-draft.ts";
import styles from "./slider.module.css";

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  /** The value in words: shown, and spoken. */
  readonly format: (value: number) => string;
  /** Called when the slider rests. */
  readonly onChange: (value: number) => void;
}

/** A number between two others. */
export function Slider({ label, value, low, high, step, format, onChange }: SliderProps): ReactNode {
  const [draft, setDraft] = useDraft(value, onChange, 80);
  const id = useId();
  return (
    <span className={styles.slider}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <input
        id={id}
        type="range"
        min={low}
        max={high}
        step={step}
        value={draft}
        aria-valuetext={format(draft)}
        onChange={(event) => setDraft(event.currentTarget.valueAsNumber)}
      />
      <output htmlFor={id} className={styles.value}>
        {format(draft)}
      </output>
    </span>
  );
}
