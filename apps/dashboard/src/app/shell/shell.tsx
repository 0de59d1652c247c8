import { Link, Outlet } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import { IconButton } from "../../components/controls/icon-button.tsx";
import { useShortcuts } from "../../state/use-shortcuts.ts";
import { ConnectionBadge } from "./connection-badge.tsx";
import { GlobalSearch, globalSearchId } from "./global-search.tsx";
import { KeyboardHelp } from "./keyboard-help.tsx";
import { Navigation } from "./navigation.tsx";
import styles from "./shell.module.css";
import { ThemeSwitch } from "./theme-switch.tsx";
import { useFocusOnNavigation } from "./use-focus-on-navigation.ts";

/** What surrounds every page. */
export function Shell(): ReactNode {
  const [isHelpOpen, setHelpOpen] = useState(false);
  const shortcuts = useMemo(
    () => ({ "/": () => document.getElementById(globalSearchId)?.focus(), "?": () => setHelpOpen(true) }),
    [],
  );
  useShortcuts(shortcuts);
  const content = useRef<HTMLElement>(null);
  useFocusOnNavigation(content);
  return (
    <div className={styles.shell}>
      <a href="#content" className={styles.skip}>
        Skip to the content
      </a>
      <header className={styles.bar}>
        <Link to="/" className={styles.name ?? ""}>
          <img src="/icon.svg" width={20} height={20} alt="" />
          Litmus
        </Link>
        <Navigation />
        <GlobalSearch />
        <div className={styles.tools}>
          <ConnectionBadge />
          <ThemeSwitch />
          <IconButton icon="keyboard" label="Keyboard help" onClick={() => setHelpOpen(true)} />
        </div>
      </header>
      <main id="content" ref={content} tabIndex={-1} className={styles.content}>
        <Outlet />
      </main>
      <footer className={styles.footer}>
        <p>For research, never for clinical advice.</p>
      </footer>
      <KeyboardHelp isOpen={isHelpOpen} onOpenChange={setHelpOpen} />
    </div>
  );
}
