import { configLeaves } from "./config-leaves.ts";

/** The values of a config by their paths, numbers as such. */
export type ConfigValues = ReadonlyMap<string, string | number>;

export function configValues(config: unknown): ConfigValues {
  return new Map(configLeaves(config).map(({ path, value }) => [path, asNumber(value)]));
}

function asNumber(value: string): string | number {
  return /^-?\d/.test(value) && Number.isFinite(Number(value)) ? Number(value) : value;
}
