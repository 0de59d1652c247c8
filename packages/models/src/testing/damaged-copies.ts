import { writeFile } from "node:fs/promises";
import { createRng, LitmusError } from "@litmus/core";

/** What came of reading one damaged file: nothing else may happen. */
export interface DamageResults {
  readonly refused: number;
  readonly accepted: number;
}

export interface Damage {
  /** Where the damaged copies are written, one after the other. */
  readonly path: string;
  readonly original: Uint8Array;
  readonly copies: number;
  /** Bytes at the start in which bits are flipped. */
  readonly headBytes: number;
}

/** Reads copies with one to four bits flipped in the head. Rethrows what is no refusal of the file. */
export async function readFlippedCopies(damage: Damage, read: () => Promise<unknown>): Promise<DamageResults> {
  const rng = createRng("flipped copies");
  const results = { refused: 0, accepted: 0 };
  for (let copy = 0; copy < damage.copies; copy++) {
    const bytes = Uint8Array.from(damage.original);
    for (let flip = rng.integer(4); flip >= 0; flip--) {
      const at = rng.integer(damage.headBytes);
      bytes[at] = (bytes[at] as number) ^ (1 << rng.integer(8));
    }
    await writeFile(damage.path, bytes);
    results[(await isRefused(read)) ? "refused" : "accepted"]++;
  }
  return results;
}

/** Whether reading ends in a refusal of the file. Anything else that is thrown is thrown on. */
export async function isRefused(read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read();
    return false;
  } catch (error) {
    if (LitmusError.isInstance(error) && (error.code === "corrupt-file" || error.code === "incompatible")) return true;
    throw error;
  }
}
