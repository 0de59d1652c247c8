import type { TokenPage } from "@litmus/api";
import { memo } from "react";
import type { ReactNode } from "react";
import { formatCount } from "../../../format/number.ts";
import type { TokenMode } from "../search.ts";
import { tokenFacts } from "./token-facts.ts";
import type { TokenRow } from "./token-rows.ts";
import { tokenStep } from "./token-scale.ts";
import type { TokenSpan } from "./token-span.ts";
import styles from "./tokens.module.css";
import { visibleForm } from "./visible-form.ts";

type TokensOfRow = Extract<TokenRow, { type: "tokens" }>;

export interface TokenRowViewProps {
  /** The page that holds it; null until it is there. */
  readonly page: TokenPage | null;
  readonly row: TokensOfRow;
  readonly mode: TokenMode;
  /** Its height until its tokens are there, in pixels. */
  readonly pendingPx: number;
  /** The token that Tab reaches, if it is in this row. */
  readonly cursor: number | null;
  /** The marked span, if it reaches into this row. */
  readonly span: TokenSpan | null;
}

/** Up to a hundred tokens, with the place of the first one before them. */
export const TokenRowView = memo(function TokenRowView(props: TokenRowViewProps): ReactNode {
  const { page, row, pendingPx } = props;
  return (
    <div className={styles.row} style={page === null ? { minHeight: pendingPx } : undefined}>
      <span className={styles.gutter} aria-hidden="true">
        {formatCount(row.start)}
      </span>
      {page === null ? (
        <span className={styles.pending}>Loading tokens…</span>
      ) : (
        <div className={styles.tokens} dir="ltr">
          <Tokens {...props} page={page} />
        </div>
      )}
    </div>
  );
});

function Tokens({ row, mode, cursor, span, page }: TokenRowViewProps & { readonly page: TokenPage }): ReactNode {
  return Array.from({ length: row.end - row.start }, (_, i) => {
    const index = row.start + i;
    const facts = tokenFacts(page, index);
    if (facts === null) return null;
    const sign = facts.text === null ? null : visibleForm(facts.text);
    return (
      <span
        key={index}
        className={styles.token}
        data-token={index}
        data-step={tokenStep(mode, facts)}
        data-id={facts.text === null || undefined}
        data-sign={sign ?? undefined}
        data-marked={(span !== null && index >= span.first && index <= span.last) || undefined}
        tabIndex={index === cursor ? 0 : -1}
      >
        {facts.text ?? facts.id}
      </span>
    );
  });
}
