import { formatCount } from "./number.ts";

/** A number of things, with their noun: `1 search`, `1,200 searches`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;
