import type { TrajectoryView, TurnView } from "@litmus/api";
import { useCallback, useEffect, useMemo, useRef } from "react";
import type { ReactNode } from "react";
import { usePageList } from "../../../components/list/use-page-list.ts";
import { pubmedUrl } from "../../../components/record/pubmed-url.ts";
import { CopyButton } from "../../../components/text/copy-button.tsx";
import { TurnCard } from "../../../components/turns/turn-card.tsx";
import { useShortcuts } from "../../../state/use-shortcuts.ts";
import { addressHere } from "../address-here.ts";

export interface TurnListProps {
  readonly turns: readonly TurnView[];
  readonly idSpace: TrajectoryView["idSpace"];
  readonly indexId: TrajectoryView["indexId"];
  readonly find: string;
  /** The turn that the address points at, counted from 1. */
  readonly marked: number | null;
  readonly onMark: (turn: number) => void;
}

const turnPx = 460;
const gapPx = 16;

/** Turns below one another, only those near the window in the document. J and K mark the next and the previous one. */
export function TurnList({ turns, idSpace, indexId, find, marked, onMark }: TurnListProps): ReactNode {
  const place = turns.findIndex(({ index }) => index + 1 === marked);
  const { frame, frameStyle, items, styleOf, measure, scrollTo } = usePageList({
    count: turns.length,
    estimatePx: () => turnPx,
    keyOf: useCallback((index) => String(turns[index]?.index ?? index), [turns]),
    gapPx,
  });
  const scrolledTo = useRef(-1);
  useEffect(() => {
    if (place === scrolledTo.current) return;
    scrolledTo.current = place;
    if (place >= 0) scrollTo(place);
  }, [place, scrollTo]);
  const move = useCallback(
    (by: number) => {
      const next = turns[Math.min(Math.max(place + by, 0), turns.length - 1)];
      if (next !== undefined) onMark(next.index + 1);
    },
    [turns, place, onMark],
  );
  useShortcuts(useMemo(() => ({ j: () => move(1), k: () => move(-1) }), [move]));
  const urlOf = useCallback((recordId: string) => pubmedUrl(idSpace, recordId), [idSpace]);
  return (
    <div ref={frame} style={frameStyle} role="list" aria-label="Turns">
      {items.map((item) => {
        const turn = turns[item.index];
        if (turn === undefined) return null;
        const number = turn.index + 1;
        return (
          <div
            key={item.key}
            ref={measure}
            data-index={item.index}
            style={styleOf(item)}
            role="listitem"
            aria-setsize={turns.length}
            aria-posinset={item.index + 1}
          >
            <TurnCard
              turn={turn}
              urlOf={urlOf}
              indexId={indexId}
              find={find}
              isMarked={number === marked}
              tools={
                <CopyButton
                  icon="link"
                  text={() => addressHere({ tab: "turns", turn: number, tokens: null })}
                  label={`Copy a link to turn ${number}`}
                />
              }
            />
          </div>
        );
      })}
    </div>
  );
}
