import type { TrajectoryView } from "@litmus/api";
import { maxTokens } from "@litmus/api";
import type { ReactNode } from "react";
import { useApi } from "../../../api/api-provider.tsx";
import { ExportMenu } from "../../../components/controls/export-menu.tsx";

/** Saves the trajectory as this page has it, or its tokens, as JSON. */
export function TrajectoryExport({ trajectory }: { readonly trajectory: TrajectoryView }): ReactNode {
  const api = useApi();
  const { id, tokens } = trajectory;
  const pageOf = (from: number): Promise<object> => api.tokens(id, { from, limit: maxTokens });
  const starts = Array.from({ length: Math.ceil(tokens.total / maxTokens) }, (_, page) => page * maxTokens);
  return (
    <ExportMenu
      formats={[
        {
          label: "Trajectory as JSON",
          fileName: `trajectory-${id}.json`,
          load: async () => JSON.stringify(trajectory, null, 2),
        },
        {
          label: "Tokens as JSON lines",
          fileName: `tokens-${id}.jsonl`,
          load: async () => {
            const lines: string[] = [];
            for (const from of starts) lines.push(`${JSON.stringify(await pageOf(from))}\n`);
            return lines.join("");
          },
        },
      ]}
    />
  );
}
