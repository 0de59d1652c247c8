import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { EmptyState } from "../components/layout/empty-state.tsx";
import { PageHeader } from "../components/layout/page-header.tsx";

export function NotFoundPage(): ReactNode {
  return (
    <>
      <PageHeader title="No such page" />
      <EmptyState title="There is nothing at this address">
        It may be from another version. <Link to="/">Go to the leaderboard</Link> or{" "}
        <Link to="/runs">see all runs</Link>.
      </EmptyState>
    </>
  );
}
