import { useState } from "react";
import type { ReactNode } from "react";
import { IconButton } from "../../components/controls/icon-button.tsx";
import type { IconName } from "../../components/text/icon.tsx";
import { applyTheme, readTheme, themes } from "../../theme/theme.ts";
import type { Theme } from "../../theme/theme.ts";

const icons: Record<Theme, IconName> = { light: "sun", dark: "moon", system: "monitor" };

/** One button that goes round: light, dark, as the system. */
export function ThemeSwitch(): ReactNode {
  const [theme, setTheme] = useState(() => readTheme(localStorage));
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
  const change = (): void => {
    applyTheme(next, document.documentElement, localStorage);
    setTheme(next);
  };
  return <IconButton icon={icons[theme]} label={`Theme: ${theme}. Change to ${next}`} onClick={change} />;
}
