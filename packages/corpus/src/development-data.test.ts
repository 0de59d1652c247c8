import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { bioasqFields } from "./field-maps.ts";
import { readProblems } from "./read-problems.ts";
import { readRecords } from "./read-records.ts";
import { splitByConnectedComponents } from "./split-by-connected-components.ts";

/** Real records and questions beside the repository; not part of it. */
const folder = resolve(import.meta.dirname, "../../../../shared/data");

describe.skipIf(!existsSync(folder))("development data", () => {
  it("reads all records and questions, and splits them without a shared gold record", async () => {
    const path = resolve(folder, "pubmed-corpus.jsonl.gz");
    let count = 0;
    for await (const record of readRecords({ path, idSpace: "pubmed" })) count += record.id === "" ? 0 : 1;
    const questions = resolve(folder, "bioasq-factoid-dev.jsonl");
    const problems = await readProblems({ path: questions, fields: bioasqFields, idPrefix: "bioasq:" });
    expect([count, problems.length]).toEqual([37_878, 588]);
    const split = splitByConnectedComponents(problems, { seed: 1, shares: { train: 0.5, validation: 0.1, test: 0.4 } });
    const records = Object.values(split).map((part) => new Set(part.flatMap((problem) => problem.goldRecordIds)));
    expect(records.reduce((sum, set) => sum + set.size, 0)).toBe(new Set(records.flatMap((set) => [...set])).size);
    expect(split.train.length + split.validation.length + split.test.length).toBe(588);
  });
});
