import fc from "fast-check";
import { it } from "vitest";
import { expectPermalinks } from "../../state/testing/round-trip.ts";
import { askView } from "./search.ts";

it("gives back every question from its address", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 60 });
  expectPermalinks(askView, fc.record({ question: text, policy: text }));
});
