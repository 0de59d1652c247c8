import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { environment } from "../environment.ts";

/** A service of docker-compose.yml, as far as tests read it. */
export interface ComposeService {
  readonly image: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly networks: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly deploy?: { readonly replicas: number };
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export const composeText = (): Promise<string> => readFile(join(environment.root, "docker-compose.yml"), "utf8");

/** Variables that a text takes from the environment, with what compose does where one is not set. */
export function variablesOf(text: string): { name: string; isRequired: boolean; value: string }[] {
  return [...text.matchAll(/\$\{(\w+)(:[?-])([^}]*)\}/g)].map(([, name = "", kind, value = ""]) => {
    return { name, isRequired: kind === ":?", value };
  });
}

/** The file as compose reads it: anchors resolved, variables put in; `$$` is a dollar. @throws Error for a required one that is missing */
export async function readCompose(variables: Readonly<Record<string, string>>): Promise<ComposeFile> {
  const text = (await composeText()).replaceAll(/\$\$|\$\{(\w+)(:[?-])([^}]*)\}/g, (found, name, kind, value) => {
    if (found === "$$") return "$";
    const given = variables[String(name)] ?? "";
    if (given !== "") return given;
    if (kind === ":?") throw new Error(`${String(name)}: ${String(value)}`);
    return String(value);
  });
  return parse(text, { merge: true }) as ComposeFile;
}
