import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LitmusError } from "@litmus/core";
import { z } from "zod";

/** @file The only reader of process.env in the command line. */

/** Of the clone. */
const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const schema = z.object({
  LITMUS_CACHE: z.string().min(1).optional(),
  XDG_CACHE_HOME: z.string().min(1).optional(),
  LITMUS_OFFLINE: z.stringbool().optional(),
  NO_COLOR: z.string().optional(),
  CI: z.string().optional(),
});

const variables = readVariables();

function readVariables(): z.infer<typeof schema> {
  const { data, error } = schema.safeParse(process.env);
  if (data !== undefined) return data;
  throw new LitmusError(
    "invalid-config",
    `the environment has a variable that says nothing: ${z.prettifyError(error)}`,
    {
      path: String(error.issues[0]?.path[0] ?? ""),
      hint: "correct it, or remove it from the environment",
    },
  );
}

export const environment = {
  /** Models, indexes: everything that can be made again. */
  cacheDirectory: variables.LITMUS_CACHE ?? join(variables.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "litmus"),
  /** Nothing is fetched. */
  offline: variables.LITMUS_OFFLINE ?? false,
  colour: variables.NO_COLOR === undefined || variables.NO_COLOR === "",
  interactive: variables.CI === undefined || variables.CI === "",
  /** The variables of another program: this process's, and some more. */
  forProgram: (added: Readonly<Record<string, string>>) => ({ ...process.env, ...added }),
  /**
   * The value of a variable that an experiment file names.
   * @param key of the experiment file
   * @throws LitmusError `invalid-config` when it is not set; values are secrets, and never shown
   */
  named: (variable: string, key: string): string => {
    const value = process.env[variable] ?? "";
    if (value !== "") return value;
    throw new LitmusError("invalid-config", `the environment variable ${variable}, which ${key} names, is not set`, {
      path: key,
      hint: `set ${variable} where this command runs`,
    });
  },
  /** Root of the clone. */
  root,
  /** The experiment that is meant where none is named. */
  quickstart: join(root, "configs", "quickstart.yaml"),
} as const;
