import { leafText, rootPlace, visitLeaves, type Place } from "./config-leaves.ts";

/** The values of a config by their paths, numbers as such. */
export type ConfigValues = ReadonlyMap<string, string | number>;

/** @param root of all configs that are read alike; one of its own unless told */
export function configValues(config: unknown, root: Place = rootPlace()): ConfigValues {
  const values = new Map<string, string | number>();
  visitLeaves(config, root, (path, value) =>
    values.set(path, typeof value === "number" && Number.isFinite(value) ? value : asNumber(leafText(value))),
  );
  return values;
}

function asNumber(value: string): string | number {
  return /^-?\d/.test(value) && Number.isFinite(Number(value)) ? Number(value) : value;
}
