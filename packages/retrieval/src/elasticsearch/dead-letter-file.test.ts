import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordId } from "@litmus/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { retrievalFailure } from "../remote/search-failures.ts";
import { DeadLetterFile } from "./dead-letter-file.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "litmus-dead-letters-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("keeps the lines of the last checkpoint, whatever came after them, and adds others", async () => {
  const path = join(folder, "kept");
  await writeFile(path, '{"one":"é"}\n{"two":2}\n{"three":3}\n{"torn');
  {
    await using file = await DeadLetterFile.open(path, 2);
    const record = { id: recordId("r1"), title: "A\nB", text: "", year: null };
    await file.append(record, retrievalFailure("record-rejected", "why", false));
    await file.sync();
  }
  const lines = (await readFile(path, "utf8")).split("\n");
  expect(lines.slice(0, 2)).toEqual(['{"one":"é"}', '{"two":2}']);
  expect(JSON.parse(lines[2] ?? "")).toMatchObject({ recordId: "r1", code: "record-rejected", message: "why" });
  expect(lines.slice(3)).toEqual([""]);
});

it("leaves no file where nothing was rejected", async () => {
  const path = join(folder, "empty");
  {
    await using file = await DeadLetterFile.open(path, 0);
    await file.sync();
  }
  await expect(readFile(path)).rejects.toMatchObject({ code: "ENOENT" });
});

it("refuses a file that holds less than was noted, and one that cannot be written", async () => {
  const path = join(folder, "short");
  await writeFile(path, '{"one":1}\n');
  await expect(DeadLetterFile.open(path, 2)).rejects.toMatchObject({ code: "conflict", path });
  expect(await readFile(path, "utf8")).toBe('{"one":1}\n');
  await expect(DeadLetterFile.open(join(folder, "absent", "file"), 0)).rejects.toMatchObject({ code: "not-found" });
});
