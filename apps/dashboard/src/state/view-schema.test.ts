import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { expectPermalinks } from "./testing/round-trip.ts";
import { viewSchema } from "./view-schema.ts";

const schema = viewSchema({
  search: z.string().max(200).catch(""),
  sort: z.enum(["rank", "name"]).catch("rank"),
  offset: z.int().min(0).catch(0),
  smoothing: z.number().min(0).max(0.99).catch(0.6),
  hidden: z.array(z.string()).catch([]),
  isTable: z.boolean().catch(false),
});

const views = fc.record({
  search: fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 60 }),
    fc.constantFrom("1", "true", "null", '"', "[1]", "&=#%"),
  ),
  sort: fc.constantFrom("rank" as const, "name" as const),
  offset: fc.nat(),
  smoothing: fc.double({ min: 0, max: 0.99, noNaN: true }).map((value) => value + 0),
  hidden: fc.array(fc.string({ unit: "grapheme" })),
  isTable: fc.boolean(),
});

describe("viewSchema", () => {
  it("brings every view back from its address, and reads any address", () => {
    expectPermalinks(schema, views);
  });

  it("falls back field by field", () => {
    expect(schema.parse({ search: "aspirin", sort: "colour", offset: -1, extra: 1 })).toEqual({
      ...schema.defaults,
      search: "aspirin",
    });
  });

  it.each([null, undefined, 3, "text", []])("reads %j as the defaults", (search) => {
    expect(schema.parse(search)).toEqual(schema.defaults);
  });

  it("refuses a field without a default where it is written", () => {
    expect(() => viewSchema({ search: z.string() })).toThrow();
  });
});
