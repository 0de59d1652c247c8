/** One value of a config, by its path as `--set` takes it. */
export interface ConfigLeaf {
  readonly path: string;
  readonly value: string;
}

const hidden = "(hidden)";
const secretName = /key|token(?!iz)|password|secret/i;
/** Names of environment variables are no secrets. */
const isVariableName = (name: string): boolean => name.endsWith("Variable");
const credentials = /([a-z][a-z\d+.-]*:\/\/)[^\s/@]*@/gi;
const secretParameter = /([?&][^=&\s]*(?:key|token|password|secret)[^=&\s]*=)[^&\s]*/gi;

/** All values of a config, in its order. Whatever looks like a secret is hidden, credentials in addresses are cut. */
export function configLeaves(config: unknown): ConfigLeaf[] {
  const leaves: ConfigLeaf[] = [];
  visitLeaves(config, rootPlace(), (path, value) => leaves.push({ path, value: leafText(value) }));
  return leaves;
}

/** Where a value stands in configs, and all that stand beneath it: thousands of configs have the same places. */
export interface Place {
  readonly path: string;
  /** Whether the name of any key on the path looks like a secret's. */
  readonly isSecret: boolean;
  readonly beneath: Map<string, Place>;
}

export const rootPlace = (): Place => ({ path: "", isSecret: false, beneath: new Map() });

/** Visits all values of a config as {@link configLeaves} lists them; those that are objects or lists are empty. */
export function visitLeaves(config: unknown, place: Place, visit: (path: string, value: unknown) => void): void {
  const members = typeof config === "object" && config !== null ? Object.entries(config) : [];
  for (const [key, member] of members) visitLeaves(member, placeBeneath(place, key), visit);
  if (members.length > 0 || place.path === "") return;
  visit(place.path, typeof config === "string" ? (place.isSecret ? hidden : shownText(config)) : config);
}

function placeBeneath(place: Place, key: string): Place {
  const known = place.beneath.get(key);
  if (known !== undefined) return known;
  const isSecret = place.isSecret || (secretName.test(key) && !isVariableName(key));
  const made = { path: place.path === "" ? key : `${place.path}.${key}`, isSecret, beneath: new Map() };
  place.beneath.set(key, made);
  return made;
}

function shownText(value: string): string {
  // Few values are addresses.
  const open = value.includes("://") ? value.replace(credentials, "$1") : value;
  return open.includes("=") ? open.replace(secretParameter, `$1${hidden}`) : open;
}

export const leafText = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "null");

export interface ConfigDifference {
  readonly path: string;
  /** Null where there is no such key. */
  readonly before: string | null;
  readonly after: string | null;
}

/** The values in which two configs differ, in the order of the later one. */
export function configDifferences(before: unknown, after: unknown): ConfigDifference[] {
  const values = configTable([before, after]);
  return values
    .filter(({ values: [earlier, later] }) => earlier !== later)
    .map(({ path, values: [earlier = null, later = null] }) => ({ path, before: earlier, after: later }));
}

/** Every path of any config with its value in each; null where a config has no such key. */
export function configTable(configs: readonly unknown[]): { path: string; values: (string | null)[] }[] {
  const tables = configs.map((config) => new Map(configLeaves(config).map(({ path, value }) => [path, value])));
  const paths = [...new Set(tables.toReversed().flatMap((table) => [...table.keys()]))];
  return paths.map((path) => ({ path, values: tables.map((table) => table.get(path) ?? null) }));
}
