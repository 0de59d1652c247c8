/** One line of `--json` output: an object with a type and its fields at top level. */
export interface JsonLine {
  readonly type: string;
  readonly [field: string]: unknown;
}
