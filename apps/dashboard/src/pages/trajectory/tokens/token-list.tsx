import type { TrajectoryView } from "@litmus/api";
import { useCallback, useMemo, useState } from "react";
import type { MouseEvent, ReactNode } from "react";
import { ErrorState } from "../../../components/layout/error-state.tsx";
import { usePageList } from "../../../components/list/use-page-list.ts";
import { useViewState } from "../../../state/use-view-state.ts";
import { trajectoryView } from "../search.ts";
import type { TokenMode } from "../search.ts";
import { SectionHead } from "./section-head.tsx";
import { TokenDescription } from "./token-description.tsx";
import { tokenOf } from "./token-element.ts";
import { estimateRowPx, pageOfToken, rowOfToken, tokenRows } from "./token-rows.ts";
import type { TokenRow } from "./token-rows.ts";
import { TokenRowView } from "./token-row-view.tsx";
import { tokenSections } from "./token-sections.ts";
import { readSpan, writeSpan } from "./token-span.ts";
import type { TokenSpan } from "./token-span.ts";
import styles from "./tokens.module.css";
import { useShownSpan } from "./use-shown-span.ts";
import { useTokenCursor } from "./use-token-cursor.ts";
import { useTokenPages } from "./use-token-pages.ts";
import { useTurnKeys } from "./use-turn-keys.ts";

export interface TokenListProps {
  readonly trajectory: TrajectoryView;
  readonly mode: TokenMode;
}

const headPx = 52;
const barPx = 72;

/** The tokens by section, fetched and drawn where the window is; one line tells of the one that is focused or pointed at. */
export function TokenList({ trajectory, mode }: TokenListProps): ReactNode {
  const [view, setView] = useViewState(trajectoryView);
  const { turns, tokens } = trajectory;
  const rows = useMemo(() => tokenRows(tokenSections(turns, tokens.total)), [turns, tokens.total]);
  const span = useMemo(() => readSpan(view.tokens), [view.tokens]);
  const [pointedAt, setPointedAt] = useState<number | null>(null);
  const list = usePageList({
    count: rows.length,
    estimatePx: (index, widthPx) => heightOf(rows[index], widthPx),
    keyOf: useCallback((index) => keyOf(rows[index]), [rows]),
    overscan: 3,
    coveredPx: barPx,
  });
  const { scrollTo, frame } = list;
  const showToken = useCallback((token: number) => scrollTo(rowOfToken(rows, token)), [rows, scrollTo]);
  const mark = useCallback(
    (next: TokenSpan | null) => setView({ tab: "tokens", tokens: next === null ? null : writeSpan(next) }),
    [setView],
  );
  const cursor = useTokenCursor({ total: tokens.total, first: span?.first ?? 0, frame, showToken, mark });
  const pages = useTokenPages(trajectory, [cursor.current, ...list.items.flatMap(({ index }) => startOf(rows[index]))]);
  useShownSpan({ rows, span, turn: view.turn, frame, scrollTo });
  useTurnKeys({ turns: turns.length, turn: view.turn, onTurn: (turn) => setView({ turn }) });
  const point = ({ target }: MouseEvent): void => setPointedAt(tokenOf(target));
  const broken = [...pages.values()].find(({ isLoadingError }) => isLoadingError);
  return (
    <>
      {broken !== undefined && <ErrorState error={broken.error} onRetry={() => void broken.refetch()} />}
      <div
        ref={frame}
        style={list.frameStyle}
        className={styles.list}
        role="group"
        aria-label="Tokens"
        aria-describedby="token-keys"
        onKeyDown={cursor.onKeyDown}
        onClick={cursor.onClick}
        onFocus={cursor.onFocus}
        onMouseOver={point}
        onMouseLeave={() => setPointedAt(null)}
      >
        {list.items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <div key={item.key} ref={list.measure} data-index={item.index} style={list.styleOf(item)}>
              {row.type === "head" ? (
                <SectionHead section={row.section} isMarked={row.section.turn + 1 === view.turn} />
              ) : (
                <TokenRowView
                  page={pages.get(pageOfToken(row.start))?.data ?? null}
                  row={row}
                  mode={mode}
                  pendingPx={item.size}
                  cursor={cursor.current >= row.start && cursor.current < row.end ? cursor.current : null}
                  span={span !== null && span.first < row.end && span.last >= row.start ? span : null}
                />
              )}
            </div>
          );
        })}
      </div>
      <TokenDescription
        pages={pages}
        focused={cursor.current}
        pointedAt={pointedAt}
        span={span}
        onClear={() => mark(null)}
      />
    </>
  );
}

const startOf = (row: TokenRow | undefined): number[] => (row?.type === "tokens" ? [row.start] : []);

function heightOf(row: TokenRow | undefined, widthPx: number): number {
  return row?.type === "tokens" ? estimateRowPx(row.end - row.start, widthPx) : headPx;
}

function keyOf(row: TokenRow | undefined): string {
  if (row === undefined) return "";
  return row.type === "head" ? `head ${row.section.start}` : `tokens ${row.start}`;
}
