import type { AskOptions, AskRequest } from "@litmus/api";
import { useId, useState } from "react";
import type { FormEvent, KeyboardEvent, ReactNode } from "react";
import { Button } from "../../components/controls/button.tsx";
import { Select } from "../../components/controls/select.tsx";
import { formatPercent } from "../../format/number.ts";
import { useViewState } from "../../state/use-view-state.ts";
import styles from "./ask.module.css";
import { askView } from "./search.ts";

type Policy = AskOptions["policies"][number];

export interface AskFormProps {
  /** At least one. */
  readonly policies: readonly Policy[];
  readonly isBusy: boolean;
  readonly onAsk: (request: AskRequest) => void;
  readonly onStop: () => void;
}

const longest = 2000;

const labelOf = ({ label, exactMatch }: Policy): string =>
  exactMatch === null ? label : `${label} · exact match ${formatPercent(exactMatch)}`;

/** Whom to ask, and what. Asking puts both into the address. */
export function AskForm({ policies, isBusy, onAsk, onStop }: AskFormProps): ReactNode {
  const [view, setView] = useViewState(askView);
  const [question, setQuestion] = useState(view.question);
  const fieldId = useId();
  const policy = policies.find(({ id }) => id === view.policy) ?? policies[0];
  const asked = question.trim();
  const ask = (): void => {
    if (asked === "" || isBusy || policy === undefined) return;
    setView({ question: asked, policy: policy.id }, "push");
    onAsk({ question: asked, policy: policy.id });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    ask();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    ask();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <Select
        label="Policy"
        value={policy?.id ?? ""}
        options={policies.map((one) => ({ value: one.id, label: labelOf(one) }))}
        onChange={(id) => setView({ policy: id })}
        isDisabled={isBusy}
      />
      <label htmlFor={fieldId} className={styles.label}>
        Question
      </label>
      <textarea
        id={fieldId}
        className={styles.field}
        value={question}
        maxLength={longest}
        rows={3}
        dir="auto"
        placeholder="Which cytokine rises first in sepsis?"
        onChange={({ currentTarget }) => setQuestion(currentTarget.value)}
        onKeyDown={press}
      />
      <div className={styles.actions}>
        <Button tone="primary" type="submit" disabled={asked === "" || isBusy}>
          Ask
        </Button>
        {isBusy && (
          <Button tone="danger" icon="stop" onClick={onStop}>
            Stop
          </Button>
        )}
        <span className={styles.keys}>Enter asks, Shift + Enter begins a new line</span>
      </div>
    </form>
  );
}
