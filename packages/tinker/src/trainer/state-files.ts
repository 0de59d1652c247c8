/**
 * @file A saved state as two small files. Weights and moments stay on the server, in a checkpoint whose name is a digest of
 * all that led to them: the files say what was saved, and the server is asked where it lies.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably, canonicalJson, LitmusError, sha256, toLitmusError } from "@litmus/core";
import type { AdapterFile, SavedState, SaveRequest, Sha256 } from "@litmus/core";
import { z } from "zod";

/** What a state belongs to; a file of another is refused. */
export interface StateIdentity {
  readonly baseModel: string;
  readonly baseSha256: Sha256;
  readonly rank: number;
}

/** What a trainer holds. */
export interface TrainingState {
  /** Digest of everything learned so far. */
  readonly digest: Sha256;
  /** Optimiser steps since its moments began. */
  readonly updates: number;
}

const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform((text) => text as Sha256);

const adapterSchema = z.object({
  format: z.literal("litmus-tinker-adapter-1"),
  baseModel: z.string(),
  baseSha256: digest,
  rank: z.int(),
  state: digest,
});
const optimizerSchema = z.object({ adapterSha256: digest, updates: z.int().nonnegative() });

/** The server's name of a state: letters, digits, `-` and `_`, at most 255. */
export function checkpointName(state: Sha256): string {
  return `litmus-${state}`;
}

/** Writes both files; equal states give equal bytes. */
export async function writeState(
  identity: StateIdentity,
  state: TrainingState,
  { directory, version, parentSha256 }: SaveRequest,
): Promise<SavedState> {
  const name = `v${String(version).padStart(4, "0")}.json`;
  const [adapterPath, optimizerPath] = [join(directory, `adapter-${name}`), join(directory, `optimizer-${name}`)];
  const adapter = { format: "litmus-tinker-adapter-1", ...identity, state: state.digest, parentSha256, version };
  const adapterSha256 = await writeDurably(adapterPath, canonicalJson(adapter));
  const optimizerSha256 = await writeDurably(optimizerPath, canonicalJson({ adapterSha256, updates: state.updates }));
  return { version, adapterPath, adapterSha256, optimizerPath, optimizerSha256, updates: state.updates };
}

/** @throws LitmusError `corrupt-file` when a hash differs, `incompatible` when base, rank or adapter do, `not-found` */
export async function readState(identity: StateIdentity, saved: SavedState): Promise<TrainingState> {
  const { state } = await readAdapter(identity, saved);
  const optimizer = await readChecked(optimizerSchema, saved.optimizerPath, saved.optimizerSha256);
  if (optimizer.adapterSha256 !== saved.adapterSha256) {
    throw new LitmusError(
      "incompatible",
      `${saved.optimizerPath} belongs to another adapter than ${saved.adapterPath}`,
      {
        path: saved.optimizerPath,
      },
    );
  }
  return { digest: state, updates: optimizer.updates };
}

/** @throws LitmusError as {@link readState} */
export async function readAdapter(identity: StateIdentity, file: AdapterFile): Promise<{ readonly state: Sha256 }> {
  const adapter = await readChecked(adapterSchema, file.adapterPath, file.adapterSha256);
  for (const key of ["baseModel", "baseSha256", "rank"] as const) {
    if (adapter[key] === identity[key]) continue;
    throw new LitmusError("incompatible", `${file.adapterPath} has ${key} ${adapter[key]}, not ${identity[key]}`, {
      path: file.adapterPath,
    });
  }
  return adapter;
}

async function readChecked<T>(schema: z.ZodType<T>, path: string, expected: Sha256): Promise<T> {
  const content = await readFile(path).catch((error: unknown) => {
    throw toLitmusError(error);
  });
  const found = sha256(content);
  if (found !== expected) {
    throw new LitmusError("corrupt-file", `${path} has the hash ${found}, not ${expected}`, { path });
  }
  const parsed = schema.safeParse(parseJson(content.toString()));
  if (parsed.success) return parsed.data;
  throw new LitmusError("incompatible", `${path} is no file of the Tinker trainer: ${z.prettifyError(parsed.error)}`, {
    path,
  });
}

/** Undefined for what is no JSON, a GGUF adapter say: no schema takes it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
