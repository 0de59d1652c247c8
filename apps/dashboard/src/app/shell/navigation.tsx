import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import styles from "./shell.module.css";

const places = [
  { to: "/", label: "Leaderboard" },
  { to: "/runs", label: "Runs" },
  { to: "/compare", label: "Compare" },
  { to: "/ask", label: "Ask" },
  { to: "/system", label: "System" },
] as const;

/** The pages that belong to no single run. Under 720 px it is a row of its own. */
export function Navigation(): ReactNode {
  return (
    <nav className={styles.navigation} aria-label="Pages">
      {places.map(({ to, label }) => (
        <Link
          key={to}
          to={to}
          className={styles.place ?? ""}
          activeOptions={{ exact: to === "/", includeSearch: false }}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
