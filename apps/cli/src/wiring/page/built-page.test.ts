import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { builtPage, type BuildRequest, type PageSources } from "./built-page.ts";

let root: string;
let builds: number;
let sources: PageSources;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "litmus-page-"));
  builds = 0;
  sources = { root, folders: ["page", "words"], target: { folder: "dist", file: "index.html" }, build };
  await write("page/src/main.ts", "one");
  await write("words/word.ts", "two");
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(root, path, ".."), { recursive: true });
  await writeFile(join(root, path), text);
}

/** A page that repeats its source. */
async function build({ packageDirectory, folder }: BuildRequest): Promise<void> {
  builds += 1;
  await mkdir(folder);
  await writeFile(join(folder, "index.html"), await readFile(join(packageDirectory, "src", "main.ts"), "utf8"));
}

const shown = async (folder: string): Promise<string> => readFile(join(folder, "index.html"), "utf8");

describe("the built page", () => {
  it("is built once, and told before", async () => {
    let told = 0;
    const folder = await builtPage(() => (told += 1), sources);
    expect(folder).toBe(join(root, "page", "dist"));
    expect(await shown(folder)).toBe("one");
    await builtPage(() => (told += 1), sources);
    expect([builds, told]).toEqual([1, 1]);
    expect(await readdir(join(root, "page"))).toEqual(["dist", "src"]);
  });

  it.each([
    ["its own source changes", "page/src/main.ts"],
    ["a package that it is made of changes", "words/word.ts"],
    ["a source is added", "words/more/other.ts"],
  ])("is built again when %s", async (_, path) => {
    await builtPage(undefined, sources);
    await write(path, "changed");
    const folder = await builtPage(undefined, sources);
    expect(builds).toBe(2);
    expect(await shown(folder)).toBe(path === "page/src/main.ts" ? "changed" : "one");
    expect(await readdir(join(root, "page"))).toEqual(["dist", "src"]);
  });

  it("is not built again for a test, a dependency or what was made", async () => {
    await builtPage(undefined, sources);
    for (const path of ["page/src/main.test.tsx", "page/node_modules/a/index.js", "page/e2e/a.ts", "page/dist.x/a"])
      await write(path, "changed");
    await builtPage(undefined, sources);
    expect(builds).toBe(1);
  });

  it("is whole whoever builds it at the same time", async () => {
    const folders = await Promise.all(Array.from({ length: 5 }, () => builtPage(undefined, sources)));
    for (const folder of folders) expect(await shown(folder)).toBe("one");
    await write("page/src/main.ts", "changed");
    await Promise.all(Array.from({ length: 5 }, () => builtPage(undefined, sources)));
    expect(await shown(join(root, "page", "dist"))).toBe("changed");
    expect(await readdir(join(root, "page"))).toEqual(["dist", "src"]);
  });

  it("that does not build leaves the one before as it is", async () => {
    await builtPage(undefined, sources);
    await write("page/src/main.ts", "broken");
    const failing = { ...sources, build: () => Promise.reject(new Error("line 1: broken")) };
    await expect(builtPage(undefined, failing)).rejects.toThrow("line 1: broken");
    expect(await shown(join(root, "page", "dist"))).toBe("one");
    expect(await readdir(join(root, "page"))).toEqual(["dist", "src"]);
  });

  it("that comes without its sources is taken as it is", async () => {
    await rm(join(root, "page", "src"), { recursive: true });
    await write("page/dist/index.html", "shipped");
    expect(await shown(await builtPage(undefined, sources))).toBe("shipped");
    expect(builds).toBe(0);
  });
});
