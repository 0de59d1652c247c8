import { useEffect } from "react";

/**
 * Calls a handler for a key pressed anywhere but where the key is wanted: in a field for words, a list or a dialog. Handlers are
 * named by `KeyboardEvent.key`.
 * @param shortcuts must be the same object as long as nothing changed
 */
export function useShortcuts(shortcuts: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isCommand(event) || takesKeys(event.target)) return;
      const handler = shortcuts[event.key];
      if (handler === undefined) return;
      event.preventDefault();
      handler();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [shortcuts]);
}

/**
 * Whether the keys held make it a command of the browser. Option, and AltGr where it is told of as Ctrl with Alt, rather make a
 * sign, such as `[` on many keyboards; with a letter they too are a command.
 */
function isCommand({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (metaKey || (ctrlKey && !altKey)) return true;
  return altKey && /^[\p{Letter}\p{Number}]$/u.test(key);
}

const wordless = ["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"];
const writing = `input:not(${wordless.map((type) => `[type="${type}"]`).join(", ")}), textarea, select`;
/** What lies over the page, or chooses among its items by their letters. */
const ownKeys = `[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]`;

function takesKeys(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches(writing) || target.closest(ownKeys) !== null;
}
