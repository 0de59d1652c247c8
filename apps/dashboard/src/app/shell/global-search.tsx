import { useNavigate } from "@tanstack/react-router";
import type { FormEvent, ReactNode } from "react";
import { SearchField } from "../../components/controls/search-field.tsx";
import styles from "./shell.module.css";

/** The element that `/` focuses. */
export const globalSearchId = "global-search";

const trajectoryId = /^[0-9a-f]{32}$/;

/** Finds runs by their words; a trajectory's id opens it. */
export function GlobalSearch(): ReactNode {
  const navigate = useNavigate();
  const find = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const value = new FormData(event.currentTarget).get("words");
    const words = typeof value === "string" ? value.trim() : "";
    if (words === "") return;
    event.currentTarget.reset();
    if (trajectoryId.test(words)) {
      void navigate({ to: "/trajectories/$trajectoryId", params: { trajectoryId: words } });
      return;
    }
    void navigate({ to: "/runs", search: { search: words } as never });
  };
  return (
    <form role="search" className={styles.search} onSubmit={find}>
      <SearchField id={globalSearchId} name="words" label="Find runs, or open a trajectory by its id" hint="/" />
    </form>
  );
}
