import { randomBytes } from "node:crypto";

/** A token that nobody guesses. */
export const newToken = (): string => randomBytes(24).toString("hex");

/** What a person opens: the part after # is not sent to any server, and the page keeps it for its requests. */
export function pageAddress(address: string, token: string): string {
  // An address of all interfaces is no address to go to.
  return `${address.replace(/\/\/(0\.0\.0\.0|\[::\]):/, "//127.0.0.1:")}/#token=${encodeURIComponent(token)}`;
}
