import { access } from "node:fs/promises";
import { createRequire, registerHooks } from "node:module";
import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { LitmusError } from "@litmus/core";

interface Imported {
  readonly value: unknown;
  /** Of the file that was imported. */
  readonly path: string;
}

interface Import {
  /** A path that begins with `.` or `/`, or a package. */
  readonly module: string;
  /** Name of the export. */
  readonly name: string;
  /** Folder of the experiment file. */
  readonly from: string;
}

/** An export of the user's own module. @throws LitmusError `invalid-config` when there is none, or the module throws */
export async function importExport({ module, name, from }: Import): Promise<Imported> {
  const path = resolveModule(module, from);
  const exported = await importFile(module, path);
  if (name in exported) return { value: exported[name], path };
  const known = Object.keys(exported);
  throw new LitmusError("invalid-config", `${module} has no export ${name}`, {
    path: "policy.export",
    hint: known.length === 0 ? "export a chat model from it" : `it exports ${known.join(", ")}`,
  });
}

/** The file that a module's name means, seen from a folder: a path, or a package that Node finds from there. @throws LitmusError `invalid-config` */
export function resolveModule(module: string, from: string): string {
  if (isAbsolute(module) || module.startsWith(".")) return resolve(from, module);
  try {
    return resolvePackage(module, from);
  } catch (cause) {
    throw new LitmusError("invalid-config", `the package ${module} cannot be found from ${from}`, {
      path: "policy.module",
      hint: "install it there, or name a file that imports it: ./my-model.mjs",
      cause,
    });
  }
}

/** As `import` in a file of the folder would: `require.resolve` alone asks a package for the form that is required. */
function resolvePackage(module: string, from: string): string {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, {
        ...context,
        conditions: context.conditions.map((name) => (name === "require" ? "import" : name)),
      }),
  });
  try {
    return createRequire(join(from, "experiment.cjs")).resolve(module);
  } finally {
    hooks.deregister();
  }
}

async function importFile(module: string, path: string): Promise<Record<string, unknown>> {
  await access(path).catch((cause: unknown) => {
    throw new LitmusError("invalid-config", `there is no file ${path}`, {
      path: "policy.module",
      hint: "a path is relative to the experiment file",
      cause,
    });
  });
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new LitmusError("invalid-config", `the module ${module} cannot be loaded: ${message}`, {
      path: "policy.module",
      hint: "it is a JavaScript module, and Node resolves its imports from where it lies",
      cause,
    });
  }
}
