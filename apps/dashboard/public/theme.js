/** @file Sets the chosen theme before the first paint; src/theme/theme.ts writes the choice. */
try {
  const choice = localStorage.getItem("litmus-theme");
  if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
} catch {
  // Storage can be forbidden: the system's theme is shown then.
}
