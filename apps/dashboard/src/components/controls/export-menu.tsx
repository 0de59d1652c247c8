import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { describeError } from "../../api/describe-error.ts";
import { Menu } from "../overlays/menu.tsx";
import { Button } from "./button.tsx";
import styles from "./export-menu.module.css";
import { saveFile } from "./save-file.ts";

export interface ExportFormat {
  /** As the menu names it: `CSV`, `JSON`. */
  readonly label: string;
  /** With its ending. */
  readonly fileName: string;
  /** The file's text, fetched when it is chosen. */
  readonly load: () => Promise<string>;
}

/** Saves what the view shows, with its filters, as a file. */
export function ExportMenu({ formats }: { readonly formats: readonly ExportFormat[] }): ReactNode {
  const saving = useMutation({
    mutationFn: async ({ fileName, load }: ExportFormat) => saveFile(fileName, await load()),
  });
  return (
    <span className={styles.export}>
      <Menu
        trigger={
          <Button icon="download" isBusy={saving.isPending}>
            Export
          </Button>
        }
        items={formats.map((format) => ({ label: format.label, onSelect: () => saving.mutate(format) }))}
      />
      {saving.error !== null && (
        <span role="alert" className={styles.error}>
          {describeError(saving.error).message}. {describeError(saving.error).hint}
        </span>
      )}
    </span>
  );
}
