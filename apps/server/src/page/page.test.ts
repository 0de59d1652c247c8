import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServer, type RunningServer } from "../start-server.ts";

let folder: string;
let server: RunningServer;
const document = "<!doctype html><title>Litmus</title>";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "litmus-page-"));
  await mkdir(join(folder, "page", "assets"), { recursive: true });
  await mkdir(join(folder, "outside"));
  await writeFile(join(folder, "page", "index.html"), document);
  await writeFile(join(folder, "page", "assets", "main-C2xk9_Qa.js"), "run();");
  await writeFile(join(folder, "page", "theme.js"), "theme();");
  await writeFile(join(folder, "page", ".env"), "SECRET=1");
  await writeFile(join(folder, "page", "notes.pem"), "SECRET=2");
  await writeFile(join(folder, "outside", "secret.txt"), "SECRET=3");
  await symlink(join(folder, "outside"), join(folder, "page", "link"));
  await symlink(join(folder, "outside", "secret.txt"), join(folder, "page", "secret.txt"));
  server = await startServer({ page: async () => join(folder, "page") });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const html = { accept: "text/html,application/xhtml+xml" };
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.address}${path}`, { headers });

/** A request line written by hand: fetch makes a path its own before it sends it. */
function raw(target: string): Promise<string> {
  const { port } = new URL(server.address);
  return new Promise((resolve, reject) => {
    let text = "";
    const head = `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: text/html\r\nConnection: close\r\n\r\n`;
    const socket = connect(Number(port), "127.0.0.1", () => socket.write(head));
    socket.on("data", (chunk) => (text += chunk.toString()));
    socket.on("end", () => resolve(text));
    socket.on("error", reject);
  });
}

describe("the page", () => {
  it("is served with a policy that lets nothing foreign run", async () => {
    const response = await get("/", html);
    expect([response.status, await response.text()]).toEqual([200, document]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-cache",
      "content-security-policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
        "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    });
  });

  it("keeps files whose names hold their hash for good, and asks after all others", async () => {
    const hashed = await get("/assets/main-C2xk9_Qa.js");
    expect([await hashed.text(), hashed.headers.get("content-type")]).toEqual([
      "run();",
      "text/javascript; charset=utf-8",
    ]);
    expect(hashed.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    const plain = await get("/theme.js");
    expect(plain.headers.get("cache-control")).toBe("no-cache");
    const again = await get("/theme.js", { "if-none-match": plain.headers.get("etag") ?? "" });
    expect([again.status, await again.text()]).toEqual([304, ""]);
  });

  it("answers every address of the page with its document, and a missing file with nothing", async () => {
    for (const path of ["/runs/run-1", "/compare?runs=a,b", "/runs/a/problems/train%3A17.5", "/runs/%C3%A9"])
      expect(await (await get(path, html)).text()).toBe(document);
    for (const path of ["/assets/gone-C2xk9_Qa.js", "/gone.js", "/assets/"]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
    for (const path of ["/api/gone", "/store/gone", "/api", "/store", "/api.json"]) {
      const response = await get(path, html);
      expect([path, response.status, response.headers.get("content-type")]).toEqual([
        path,
        404,
        "application/json; charset=utf-8",
      ]);
    }
  });

  it.each([
    "/../outside/secret.txt",
    "/%2e%2e/outside/secret.txt",
    "/..%2foutside%2fsecret.txt",
    "/%2e%2e%2foutside%2fsecret.txt",
    "/assets/../../outside/secret.txt",
    "/assets/%2e%2e/%2e%2e/outside/secret.txt",
    "/assets/..%5c..%5coutside%5csecret.txt",
    "//outside/secret.txt",
    "/%00secret.txt",
    "/link/secret.txt",
    "/secret.txt",
    "/.env",
    "/%2eenv",
    "/notes.pem",
    "/etc/passwd",
    "//etc/passwd",
    "/index.html/../../outside/secret.txt",
  ])("never leaves its folder: %s", async (target) => {
    const answer = await raw(target);
    expect(answer).toMatch(/^HTTP\/1\.1 (200|400|404)/);
    expect(answer).not.toMatch(/SECRET|root:/);
  });

  it("asks for its folder once, and again where it could not be had", async () => {
    let asked = 0;
    const slow = await startServer({
      page: async () => {
        asked += 1;
        if (asked === 1) throw new Error("the build failed");
        return join(folder, "page");
      },
    });
    const statuses = [];
    for (let request = 0; request < 3; request++) statuses.push((await fetch(slow.address, { headers: html })).status);
    await slow.close();
    expect([statuses, asked]).toEqual([[500, 200, 200], 2]);
  });

  it("needs no token, which all data does", async () => {
    const token = "0123456789abcdef";
    const open = await startServer({ page: async () => join(folder, "page"), host: "0.0.0.0", token });
    const address = open.address.replace("0.0.0.0", "127.0.0.1");
    const statusOf = async (path: string): Promise<number> => (await fetch(`${address}${path}`)).status;
    expect(await statusOf("/")).toBe(200);
    for (const path of ["/api/session", "/api/anything", "/store/runs", "/health", "/%61pi/session", "/api"])
      expect([path, await statusOf(path)]).toEqual([path, 401]);
    await open.close();
  });
});
