import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { FormEvent, ReactNode } from "react";
import { Button } from "../../../components/controls/button.tsx";
import { IconButton } from "../../../components/controls/icon-button.tsx";
import { Popover } from "../../../components/overlays/popover.tsx";
import { useViewState } from "../../../state/use-view-state.ts";
import { runsView } from "../search.ts";
import styles from "./saved-views.module.css";
import { readViews, withView, writeViews } from "./stored-views.ts";
import type { SavedView } from "./stored-views.ts";

const mostCharacters = 60;

/** Views of the runs under names, kept in this browser. */
export function SavedViews(): ReactNode {
  const [view] = useViewState(runsView);
  const [views, setViews] = useState(() => readViews(localStorage));
  const keep = (next: readonly SavedView[]): void => {
    writeViews(localStorage, next);
    setViews(next);
  };
  const save = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const value = new FormData(event.currentTarget).get("name");
    const name = typeof value === "string" ? value.trim() : "";
    if (name === "") return;
    keep(withView(views, { name, view }));
    event.currentTarget.reset();
  };
  return (
    <Popover trigger={<Button icon="table">Views</Button>} label="Saved views">
      <SavedList views={views} onDelete={(name) => keep(views.filter((each) => each.name !== name))} />
      <form className={styles.form} onSubmit={save}>
        <input
          className={styles.field}
          name="name"
          aria-label="Name of this view"
          placeholder="Name of this view"
          maxLength={mostCharacters}
          autoComplete="off"
          required
        />
        <Button type="submit">Save</Button>
      </form>
      <p className={styles.note}>Kept in this browser. To share a view, copy its link.</p>
    </Popover>
  );
}

interface SavedListProps {
  readonly views: readonly SavedView[];
  readonly onDelete: (name: string) => void;
}

function SavedList({ views, onDelete }: SavedListProps): ReactNode {
  if (views.length === 0) return <p className={styles.note}>No view is saved yet.</p>;
  return (
    <ul className={styles.list}>
      {views.map(({ name, view }) => (
        <li key={name} className={styles.item}>
          <Link to="/runs" search={view}>
            {name}
          </Link>
          <IconButton size="small" icon="close" label={`Delete the view ${name}`} onClick={() => onDelete(name)} />
        </li>
      ))}
    </ul>
  );
}
