import { fileURLToPath } from "node:url";

/** A committed file of this package's fixtures. */
export function fixturePath(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
}
