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
  addLeaves(leaves, config, { path: "", isSecret: false });
  return leaves;
}

/** @param place of the value; the name of any key on its path may say that it is secret */
function addLeaves(
  leaves: ConfigLeaf[],
  value: unknown,
  { path, isSecret }: { path: string; isSecret: boolean },
): void {
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  for (const [key, member] of members)
    addLeaves(leaves, member, {
      path: path === "" ? key : `${path}.${key}`,
      isSecret: isSecret || (secretName.test(key) && !isVariableName(key)),
    });
  if (members.length === 0 && path !== "")
    leaves.push({ path, value: isSecret ? hiddenValue(value) : shownValue(value) });
}

const hiddenValue = (value: unknown): string => (typeof value === "string" ? hidden : jsonOf(value));

function shownValue(value: unknown): string {
  if (typeof value !== "string") return jsonOf(value);
  // Few values are addresses.
  const open = value.includes("://") ? value.replace(credentials, "$1") : value;
  return open.includes("=") ? open.replace(secretParameter, `$1${hidden}`) : open;
}

const jsonOf = (value: unknown): string => JSON.stringify(value) ?? "null";

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
