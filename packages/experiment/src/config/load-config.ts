import { readFile } from "node:fs/promises";
import { canonicalJson, LitmusError, sha256, type Sha256 } from "@litmus/core";
import { isMap, isSeq, parseDocument, type Document } from "yaml";
import type { z } from "zod";
import { knownKeys } from "./known-keys.ts";
import { nearestKey } from "./nearest-key.ts";
import { experimentSchema, type ExperimentConfig } from "./schema.ts";

export interface LoadedConfig {
  readonly config: ExperimentConfig;
  /** Over the resolved config: defaults are part of it, comments and order are not. */
  readonly hash: Sha256;
}

/**
 * Reads one experiment file and applies `a.b=c` overrides, in order.
 * @throws LitmusError `not-found` for a missing file; `invalid-config` naming every key that is wrong, and the nearest valid one
 */
export async function loadConfig(path: string, overrides: readonly string[] = []): Promise<LoadedConfig> {
  return parseConfig(await readConfigFile(path), { path, overrides });
}

async function readConfigFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new LitmusError("not-found", `the experiment file ${path} cannot be read`, {
      path,
      hint: "name a YAML file, for example configs/quickstart.yaml",
      cause,
    });
  }
}

/** As {@link loadConfig}, from text. */
export function parseConfig(text: string, source: { path: string; overrides?: readonly string[] }): LoadedConfig {
  const document = parseDocument(text);
  const problem = document.errors[0];
  if (problem !== undefined)
    throw new LitmusError("invalid-config", `${source.path} is not valid YAML: ${problem.message}`, {
      path: source.path,
      hint: "mend the line that is shown",
    });
  for (const override of source.overrides ?? []) applyOverride(document, override);
  const result = experimentSchema.safeParse(document.toJS());
  if (!result.success) throw refusal(source.path, result.error);
  return { config: result.data, hash: sha256(canonicalJson(result.data)) };
}

/** `a.b=c`: the value is read as YAML; list members are named by index. */
function applyOverride(document: Document, override: string): void {
  const equals = override.indexOf("=");
  if (equals < 1)
    throw new LitmusError("invalid-config", `--set ${override} has no key and value`, {
      hint: "write --set key.path=value",
    });
  const keys = override.slice(0, equals).split(".");
  const path = keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  const value: unknown = parseDocument(override.slice(equals + 1)).toJS();
  if (keys.includes("__proto__") || !isMap(document.contents))
    throw new LitmusError("invalid-config", `--set ${override} cannot be applied`, { path: keys.join(".") });
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1));
  if (parent !== undefined && !isMap(parent) && !isSeq(parent))
    throw new LitmusError("invalid-config", `--set ${override}: ${keys.slice(0, -1).join(".")} holds a single value`, {
      path: keys.join("."),
    });
  // As a node: a later override may reach into it.
  document.setIn(path, document.createNode(value));
}

function refusal(path: string, error: z.ZodError): LitmusError {
  const lines = error.issues.flatMap(describeIssue);
  // A key that is misspelt is missing too: the slip is what to mend.
  const first = lines.find((line) => line.hint !== undefined) ?? lines[0];
  const message = `${path} is not a valid experiment:\n${lines.map((line) => `  ${line.key}: ${line.text}`).join("\n")}`;
  return new LitmusError("invalid-config", message, {
    ...(first === undefined ? {} : { path: first.key }),
    hint: first?.hint ?? "litmus train --dry-run prints the resolved config",
  });
}

interface IssueLine {
  readonly key: string;
  readonly text: string;
  readonly hint?: string;
}

function describeIssue(issue: z.core.$ZodIssue): IssueLine[] {
  const path = issue.path.map(String).join(".");
  if (issue.code !== "unrecognized_keys") return [{ key: path === "" ? "(file)" : path, text: issue.message }];
  return issue.keys.map((key) => {
    const suggestion = nearestKey(key, knownKeys(issue.path));
    const where = path === "" ? key : `${path}.${key}`;
    if (suggestion === null) return { key: where, text: "unknown key" };
    if (suggestion === key) {
      const engine = `${path}.engine`;
      return {
        key: where,
        text: `a key of another engine than ${engine} names`,
        hint: `leave ${key} out, or set ${engine}`,
      };
    }
    return { key: where, text: `unknown key; did you mean ${suggestion}?`, hint: `rename ${key} to ${suggestion}` };
  });
}
