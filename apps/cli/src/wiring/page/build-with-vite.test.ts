import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LitmusError } from "@litmus/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildWithVite } from "./build-with-vite.ts";
import { builtPage } from "./built-page.ts";

/** In place of vite: writes half of a page, says so to the port that is its config, and goes on until it loses the connection. */
const halfBuilder = `
const [, , , , port, , folder] = process.argv;
require("node:fs").mkdirSync(folder);
require("node:fs").writeFileSync(folder + "/index.html", "half");
require("node:net").connect(Number(port)).resume();
`;

let root: string;
let server: Server;
let port: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "litmus-vite-"));
  await writeBuilder(halfBuilder);
  await mkdir(join(root, "page", "src"));
  server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  port = String((server.address() as AddressInfo).port);
});
afterEach(async () => {
  server.close();
  await rm(root, { recursive: true, force: true });
});

async function writeBuilder(script: string): Promise<void> {
  const vite = join(root, "page", "node_modules", "vite");
  await mkdir(join(vite, "bin"), { recursive: true });
  await writeFile(join(vite, "package.json"), JSON.stringify({ name: "vite", type: "commonjs" }));
  await writeFile(join(vite, "bin", "vite.js"), script);
}

/** The builder, which has written its half. */
async function begun(): Promise<{ readonly builder: Socket; readonly gone: Promise<unknown> }> {
  const [builder] = (await once(server, "connection")) as [Socket];
  // One that is killed may reset the connection.
  builder.on("error", () => undefined).resume();
  return { builder, gone: new Promise((resolve) => builder.once("close", resolve)) };
}

const left = (): Promise<string[]> => readdir(join(root, "page"));

describe("a build that is stopped", () => {
  it("ends its builder, with the reason", async () => {
    const stopping = new AbortController();
    const folder = join(root, "page", "made");
    const request = { packageDirectory: join(root, "page"), config: port, folder, signal: stopping.signal };
    const built = buildWithVite(request);
    const { gone } = await begun();
    const reason = new LitmusError("interrupted", "asked to stop");
    stopping.abort(reason);
    await expect(built).rejects.toBe(reason);
    await gone;
    await expect(buildWithVite(request)).rejects.toBe(reason);
  });

  it.each([
    ["SIGINT", (child: ChildProcess) => child.kill("SIGINT"), 130],
    ["SIGTERM", (child: ChildProcess) => child.kill("SIGTERM"), 130],
    ["its launcher's end", (child: ChildProcess) => child.disconnect(), 137],
  ])("by %s of its process leaves neither builder nor folder", async (_, stop, exitCode) => {
    const child = startBuild();
    const { gone } = await begun();
    stop(child);
    await once(child, "exit");
    expect(child.exitCode).toBe(exitCode);
    await gone;
    expect(await left()).toEqual(["node_modules", "src"]);
  });

  it("by a kill leaves a folder that the next build removes", async () => {
    const child = startBuild();
    const { builder, gone } = await begun();
    child.kill("SIGKILL");
    await once(child, "exit");
    builder.destroy();
    await gone;
    expect(await left()).toContainEqual(expect.stringMatching(/^dist\..*@/));
    await writeBuilder(`
      const folder = process.argv[6];
      require("node:fs").mkdirSync(folder);
      require("node:fs").writeFileSync(folder + "/index.html", "whole");`);
    const folder = await builtPage(undefined, {
      root,
      folders: ["page"],
      target: { folder: "dist", file: "index.html" },
      build: (request) => buildWithVite({ ...request, config: port }),
    });
    expect(await readFile(join(folder, "index.html"), "utf8")).toBe("whole");
    expect(await left()).toEqual(["dist", "node_modules", "src"]);
  });
});

it("a build that fails says why, or what ended it", async () => {
  const signal = new AbortController().signal;
  const request = { packageDirectory: join(root, "page"), config: port, folder: join(root, "made"), signal };
  await writeBuilder("console.error('main.ts: a word too many\\n    at parse'); process.exitCode = 1;");
  const message = "the page could not be built: main.ts: a word too many";
  await expect(buildWithVite(request)).rejects.toMatchObject({ code: "invalid-data", message });
  await writeBuilder("process.kill(process.pid, 'SIGKILL')");
  await expect(buildWithVite(request)).rejects.toMatchObject({ message: /its builder was ended by SIGKILL/ });
  await writeBuilder("process.kill(process.pid, 'SIGINT')");
  await expect(buildWithVite(request)).rejects.toMatchObject({ code: "interrupted" });
});

/** A process that builds the page, with a channel to whoever launched it. */
function startBuild(): ChildProcess {
  const moduleOf = (path: string): string => JSON.stringify(new URL(path, import.meta.url));
  const script = `
    import { runToEnd } from ${moduleOf("../../run-to-end.ts")};
    import { buildWithVite } from ${moduleOf("build-with-vite.ts")};
    import { builtPage } from ${moduleOf("built-page.ts")};
    const target = { folder: "dist", file: "index.html" };
    const build = (request) => buildWithVite({ ...request, config: ${JSON.stringify(port)} });
    await runToEnd(() => builtPage(undefined, { root: ${JSON.stringify(root)}, folders: ["page"], target, build }), false);`;
  const words = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", script];
  return spawn(process.execPath, words, { stdio: ["ignore", "ignore", "ignore", "ipc"] });
}
