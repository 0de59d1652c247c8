import { homedir } from "node:os";
import { sep } from "node:path";

/**
 * JSON text of an answer. Numbers that JSON lacks are sent by name ("NaN", "Infinity", "-Infinity"), and the home folder as `~`:
 * no answer tells who runs the server.
 */
export function wireJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === "string") return hideHome(member);
    return typeof member === "number" && !Number.isFinite(member) ? String(member) : member;
  });
}

/** A text in which the home folder is `~`. */
export function hideHome(text: string): string {
  const home = homedir();
  if (home.length < 2 || !text.includes(home)) return text;
  return text === home ? "~" : text.replaceAll(home + sep, `~${sep}`);
}

/** A path of an answer, on the machine that sent it. */
export function restoreHome(path: string): string {
  return path.startsWith(`~${sep}`) ? homedir() + path.slice(1) : path;
}
