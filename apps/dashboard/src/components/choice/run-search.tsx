import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ReactNode } from "react";
import { useApi } from "../../api/api-provider.tsx";
import { describeError } from "../../api/describe-error.ts";
import { SearchSelect } from "../controls/search-select.tsx";
import { runLabel } from "../../format/run-label.ts";
import { runChoiceOptions } from "../../queries/run-queries.ts";

export interface RunSearchProps {
  /** What the run is wanted for: `Add a run`. */
  readonly label: string;
  /** Runs that are not offered. */
  readonly except: readonly string[];
  readonly onChoose: (runId: string) => void;
}

/** Finds a run by words of its name or id. */
export function RunSearch({ label, except, onChoose }: RunSearchProps): ReactNode {
  const api = useApi();
  const [words, setWords] = useState("");
  const found = useQuery(runChoiceOptions(api, words));
  const choices = (found.data?.rows ?? []).filter(({ id }) => !except.includes(id));
  return (
    <SearchSelect
      label={label}
      words={words}
      onWords={setWords}
      choices={choices.map(({ id, name, status, members }) => ({
        value: id,
        label: runLabel(name, id),
        detail: [seedText(members[0]?.seed ?? null), status, id.slice(0, 8)].filter((part) => part !== "").join(" · "),
      }))}
      empty={found.error === null ? emptyText(found.isPending) : describeError(found.error).message}
      onChoose={onChoose}
    />
  );
}

const seedText = (seed: number | null): string => (seed === null ? "" : `seed ${seed}`);
const emptyText = (isPending: boolean): string => (isPending ? "Looking…" : "No other run of that name");
