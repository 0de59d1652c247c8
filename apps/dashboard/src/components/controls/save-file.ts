const types: Readonly<Record<string, string>> = {
  csv: "text/csv",
  json: "application/json",
  jsonl: "application/x-ndjson",
  svg: "image/svg+xml",
};

/** Hands a text to the browser as a file to save. A link cannot: it would not show the token. */
export function saveFile(fileName: string, text: string): void {
  const ending = fileName.slice(fileName.lastIndexOf(".") + 1);
  const address = URL.createObjectURL(new Blob([text], { type: types[ending] ?? "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
}
