import { attemptsQuery } from "@litmus/api";
import type { RunView } from "@litmus/api";
import type { ReactNode } from "react";
import { Button } from "../../../components/controls/button.tsx";
import { Select } from "../../../components/controls/select.tsx";
import { withChosen } from "../../../components/controls/with-chosen.ts";
import { useViewState } from "../../../state/use-view-state.ts";
import styles from "../run-page.module.css";
import { runView } from "../search.ts";
import type { RunPageView } from "../search.ts";

const { purpose: purposes, outcome: outcomes } = attemptsQuery.shape;
const any = { value: "", label: "any" } as const;
const named = (value: string): { readonly value: string; readonly label: string } => ({ value, label: value });

/** Where the trajectories belong and how they ended. A choice leads to the first page of what it leaves. */
export function TrajectoryFilters({ view }: { readonly view: RunView }): ReactNode {
  const [filters, change] = useViewState(runView);
  const { stage, step, purpose, outcome, failure } = filters;
  const narrow = (patch: Partial<RunPageView>): void => change({ ...patch, from: 0 });
  const isFiltered = stage !== "" || step !== null || purpose !== null || outcome !== null || failure !== "";
  return (
    <div className={styles.filters}>
      <Select
        label="Stage"
        value={stage}
        options={withChosen([any, ...stageNames(view).map(named)], stage)}
        onChange={(chosen) => narrow({ stage: chosen, step: null })}
      />
      <Select
        label="Step"
        value={step === null ? "" : String(step)}
        options={withChosen([any, ...stepsOf(view, stage).map(named)], step === null ? "" : String(step))}
        isDisabled={stage === "" && step === null}
        onChange={(chosen) => narrow({ step: chosen === "" ? null : Number(chosen) })}
      />
      <Select
        label="Purpose"
        value={purpose ?? ""}
        options={[any, ...purposes.unwrap().options.map((value) => ({ value, label: value }))]}
        onChange={(chosen) => narrow({ purpose: chosen === "" ? null : chosen })}
      />
      <Select
        label="Outcome"
        value={outcome ?? ""}
        options={[any, ...outcomes.unwrap().options.map((value) => ({ value, label: value }))]}
        onChange={(chosen) => narrow({ outcome: chosen === "" ? null : chosen })}
      />
      <Select
        label="Failure"
        value={failure}
        options={withChosen([any, ...view.failures.map(({ boundary, code }) => named(`${boundary}/${code}`))], failure)}
        onChange={(chosen) => narrow({ failure: chosen })}
      />
      {isFiltered && (
        <Button
          tone="quiet"
          icon="close"
          onClick={() => narrow({ stage: "", step: null, purpose: null, outcome: null, failure: "" })}
        >
          Clear
        </Button>
      )}
    </div>
  );
}

const stageNames = ({ stages, evaluations }: RunView): readonly string[] => [
  ...new Set([...evaluations.map(({ stage }) => stage), ...stages.map(({ name }) => name)]),
];

function stepsOf({ stages, evaluations }: RunView, chosen: string): readonly string[] {
  const done = stages.find(({ name }) => name === chosen)?.done ?? 0;
  const steps = [
    ...evaluations.filter(({ stage }) => stage === chosen).map(({ step }) => step),
    ...Array.from({ length: done }, (_, i) => i + 1),
  ];
  return [...new Set(steps)].toSorted((a, b) => a - b).map(String);
}
