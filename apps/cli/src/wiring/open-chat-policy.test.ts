import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "@litmus/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeChatModelModule } from "../testing/chat-model-module.ts";
import { checkSampling } from "./check-sampling.ts";
import { openChatPolicy } from "./open-chat-policy.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "litmus-chat-"));
  await writeChatModelModule(folder);
  await writeFile(join(folder, "throws.mjs"), 'throw new Error("at the top");');
  await writePackage("my-chat-model", "./index.js");
  await writePackage("imported-model", { import: "./index.js" });
  await writePackage("dual-model", { require: "./none.cjs", import: "./index.js" });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function writePackage(name: string, exports: unknown): Promise<void> {
  const inside = join(folder, "node_modules", name);
  await mkdir(inside, { recursive: true });
  await writeFile(join(inside, "package.json"), JSON.stringify({ name, type: "module", exports }));
  await writeFile(join(inside, "index.js"), 'export { default } from "../../my-model.mjs";');
}

const open = (changes: Partial<Parameters<typeof openChatPolicy>[0]> = {}) => {
  const chosen = { engine: "chat", module: "./my-model.mjs", export: "default", protocol: "tools" } as const;
  return openChatPolicy({ ...chosen, slots: 8, contextTokens: 4_096, name: "some-model", ...changes }, folder);
};

describe("a chat model from the user's module", () => {
  it("has the name, the context and the hash of its file", async () => {
    const { policy, moduleSha256 } = await open();
    expect(policy.identity().engine).toBe("chat:some-model");
    expect(policy.contextTokens).toBe(4_096);
    expect(moduleSha256).toBe(sha256(await readFile(join(folder, "my-model.mjs"))));
  });

  it.each(["my-chat-model", "imported-model", "dual-model"])(
    "may come from a package beside the experiment file, in the form that is imported: %s",
    async (module) => {
      const { moduleSha256 } = await open({ module });
      expect(moduleSha256).toBe(sha256(await readFile(join(folder, "node_modules", module, "index.js"))));
    },
  );

  it.each([
    ["no file", { module: "./none.mjs" }, "there is no file", "policy.module"],
    ["no package", { module: "no-such-package" }, "cannot be found", "policy.module"],
    ["a module that throws", { module: "./throws.mjs" }, "at the top", "policy.module"],
    ["no such export", { export: "missing" }, "has no export missing", "policy.export"],
    ["an export that is no model", { export: "nonsense" }, "not number", "policy.module"],
    ["a function that throws", { export: "broken" }, "threw: no key", "policy.module"],
    ["a model without tools where it is to call them", { export: "plain" }, "cannot call tools", "policy.protocol"],
  ])("is refused where there is %s", async (_, changes, message, path) => {
    await expect(open(changes)).rejects.toMatchObject({
      code: "invalid-config",
      path,
      message: expect.stringContaining(message) as string,
      hint: expect.any(String) as string,
    });
  });

  it("is sampled only where a function makes it for a temperature", async () => {
    const evaluation = { split: "test", base: true, every: null, sampled: { k: 2, base: true } } as const;
    const own = (await open({ export: "plain", protocol: "tags" })).policy;
    const made = (await open({ export: "make", protocol: "tags" })).policy;
    expect(() => checkSampling({ evaluation }, own)).toThrowError(
      expect.objectContaining({ path: "evaluation.sampled" }),
    );
    expect(() => checkSampling({ evaluation: { ...evaluation, sampled: null } }, own)).not.toThrow();
    expect(() => checkSampling({ evaluation }, made)).not.toThrow();
  });
});
