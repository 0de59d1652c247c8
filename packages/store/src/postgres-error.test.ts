import { LitmusError } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { isTransient, leavesConnection, serverError } from "./postgres-error.ts";
import { readPostgresUrl } from "./postgres-url.ts";
import { assertUsable } from "./prepare-postgres.ts";

const secret = "s3cr3t%20";
const url = readPostgresUrl(`postgres://me:${secret}@db.example:6543/litmus?sslmode=verify-full&password=${secret}`);
const ofServer = (code: string, severity = "ERROR"): Error =>
  new Error("Failed query", { cause: Object.assign(new Error(`says ${code}`), { severity, code }) });

describe("readPostgresUrl", () => {
  it("shows the place, not the password nor the parameters", () => {
    expect(url.shown).toBe("postgres://me@db.example:6543/litmus");
    expect(url.database).toBe("litmus");
    expect(readPostgresUrl("postgresql://h/a%20b")).toMatchObject({ shown: "postgresql://h/a%20b", database: "a b" });
  });

  it.each([
    "",
    "litmus",
    `mysql://me:${secret}@h/d`,
    `postgres://me:${secret}@h`,
    `postgres://me:${secret}@h/`,
    `postgres://me:${secret}@h/a/b`,
    `postgres://me:${secret}@h:port/d`,
    `postgres:///me:${secret}`,
    `postgres://me:${secret}@h/%E0%A4%A`,
  ])("refuses %j without repeating it", (text) => {
    let error: unknown;
    try {
      readPostgresUrl(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: "invalid-config", hint: expect.stringContaining("postgres://") });
    expect(JSON.stringify(error)).not.toContain(secret);
    expect((error as LitmusError).cause).toBeUndefined();
  });
});

describe("errors of a server", () => {
  it.each(["40001", "40P01", "08006", "08P01", "57P01", "57P02", "57P03", "25P03", "53300"])(
    "%s is tried again, on another connection",
    (code) => {
      expect(isTransient(ofServer(code))).toBe(true);
      expect(leavesConnection(ofServer(code))).toBe(false);
      expect(serverError(ofServer(code), url)).toMatchObject({ code: "unavailable", retryable: true });
    },
  );

  it.each([
    ["23503", "not-found"],
    ["22003", "invalid-input"],
    ["53100", "out-of-space"],
    ["57014", "unavailable"],
    ["42501", "invalid-config"],
    ["25006", "unavailable"],
    ["28P01", "invalid-config"],
    ["28000", "invalid-config"],
    ["3D000", "not-found"],
    ["42601", "bug"],
  ])("%s is %s at once", (state, code) => {
    expect(isTransient(ofServer(state))).toBe(false);
    expect(leavesConnection(ofServer(state))).toBe(true);
    expect(serverError(ofServer(state), url).code).toBe(code);
  });

  it.each([
    Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" }),
    Object.assign(new AggregateError([new Error("::1 refused"), new Error("127.0.0.1 refused")], ""), {
      code: "ECONNREFUSED",
    }),
    new Error("Failed query: rollback", {
      cause: new Error("Client has encountered a connection error and is not queryable"),
    }),
    new Error("Connection terminated unexpectedly"),
    new Error("Connection terminated due to connection timeout"),
    new Error("timeout expired"),
    new Error("Query read timeout"),
  ])("a connection that is lost is tried again: %s", (error) => {
    expect(isTransient(error)).toBe(true);
    expect(leavesConnection(error)).toBe(false);
    const typed = serverError(error, url);
    expect(typed).toMatchObject({ code: "unavailable", retryable: true });
    expect(typed.message).toMatch(/^postgres:\/\/me@db.example:6543\/litmus cannot be reached: \S/);
  });

  it("names both refusals of a host with two addresses", () => {
    const refused = Object.assign(new AggregateError([new Error("one"), new Error("two")], ""), {
      code: "ECONNREFUSED",
    });
    expect(serverError(refused, url).message).toContain("one; two");
  });

  it("asks for a password that is missing", () => {
    const missing = new Error("SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string");
    expect(serverError(missing, url)).toMatchObject({
      code: "invalid-config",
      hint: expect.stringContaining("password"),
    });
  });

  it("leaves a typed error as it is, and the connection in use", () => {
    const error = new LitmusError("conflict", "other weights");
    expect([serverError(error, url), isTransient(error), leavesConnection(error)]).toEqual([error, false, true]);
    expect(leavesConnection(new TypeError("a bug in between"))).toBe(false);
  });
});

describe("assertUsable", () => {
  it("takes Postgres 15 and later in UTF8 alone", () => {
    for (const version of [150_000, 160_004, 180_001]) assertUsable({ version, encoding: "UTF8" }, url);
    const refused = [
      { version: 149_999, encoding: "UTF8" },
      { version: 90_624, encoding: "UTF8" },
      { version: Number.NaN, encoding: "UTF8" },
      { version: 150_000, encoding: "LATIN1" },
    ];
    for (const facts of refused)
      expect(() => assertUsable(facts, url)).toThrow(expect.objectContaining({ code: "incompatible" }));
  });
});
