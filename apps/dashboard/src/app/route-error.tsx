import type { ErrorComponentProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ErrorState } from "../components/layout/error-state.tsx";

/** What stands in place of a page that threw; the rest of the page stays. */
export function RouteError({ error, reset }: ErrorComponentProps): ReactNode {
  return <ErrorState error={error} onRetry={reset} />;
}
