import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectPermalinks } from "../../state/testing/round-trip.ts";
import { addressHere } from "./address-here.ts";
import { shownTab, tokenModes, trajectoryTabs, trajectoryView } from "./search.ts";

const { defaults, parse } = trajectoryView;
const token = fc.nat(999_999_999);

const views = fc.record({
  tab: fc.constantFrom(...trajectoryTabs),
  turn: fc.option(fc.integer({ min: 1, max: 10_000 })),
  tokens: fc.option(fc.tuple(token, token).map(([from, to]) => `${from}-${to}`)),
  mode: fc.constantFrom(...tokenModes),
  find: fc.string({ unit: "grapheme", maxLength: 40 }),
  beside: fc.oneof(fc.stringMatching(/^[0-9a-f]{32}$/), fc.stringMatching(/^[0-9]{32}$/)),
});

describe("the address of a trajectory's page", () => {
  it("gives back every view, whatever stands in it", () => {
    expectPermalinks(trajectoryView, views);
  });

  it("falls back to what is there by default, field by field", () => {
    const odd = { tab: "x", turn: -1, tokens: "9", mode: 4, find: "il-6", beside: [] };
    expect(parse(odd)).toEqual({ ...defaults, find: "il-6" });
  });

  it("shows the tokens where a span of them is named", () => {
    expect(shownTab({ ...defaults, tokens: "1-2" })).toBe("tokens");
    expect(shownTab({ ...defaults, tab: "group" })).toBe("group");
  });

  it("is copied with a place in it, and without what is there by default", () => {
    const here = {
      origin: "http://127.0.0.1:1",
      pathname: "/trajectories/t",
      search: "?tab=tokens&tokens=1-2&mode=mask",
    };
    expect(addressHere({ tokens: "120-180" }, here)).toBe(
      "http://127.0.0.1:1/trajectories/t?tab=tokens&tokens=120-180&mode=mask",
    );
    expect(addressHere({ tab: "turns", turn: 3, tokens: null }, here)).toBe(
      "http://127.0.0.1:1/trajectories/t?turn=3&mode=mask",
    );
  });
});
