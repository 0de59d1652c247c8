import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorState } from "./error-state.tsx";
import { Skeleton } from "./skeleton.tsx";

export interface QueryStateProps<Data> {
  readonly query: Pick<UseQueryResult<Data>, "data" | "error" | "isPlaceholderData" | "refetch">;
  /** What stands while nothing is known yet. */
  readonly pending?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/** A query's answer drawn; before it a skeleton; an error above what was known until then. */
export function QueryState<Data>({ query, pending = <Skeleton />, children }: QueryStateProps<Data>): ReactNode {
  const { data, error, isPlaceholderData, refetch } = query;
  if (error === null && data === undefined) return pending;
  return (
    <>
      {error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data !== undefined && (error === null || !isPlaceholderData) && children(data)}
    </>
  );
}
