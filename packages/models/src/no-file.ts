const codes = new Set(["ENOENT", "ENOTDIR", "EISDIR"]);

/** Whether an error says that there is nothing, or no file, at a path. */
export function isNoFile(error: unknown): boolean {
  return error instanceof Error && "code" in error && codes.has(String(error.code));
}
