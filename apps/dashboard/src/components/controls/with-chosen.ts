import type { SelectOption } from "./select.tsx";

/** What is chosen stands first where it is none of the options: an address may name what is not there. */
export function withChosen(
  options: readonly SelectOption<string>[],
  chosen: string,
  label = chosen,
): readonly SelectOption<string>[] {
  return options.some(({ value }) => value === chosen) ? options : [{ value: chosen, label }, ...options];
}
