import { expect, it } from "vitest";
import { describeToken } from "./describe-token.ts";
import type { TokenFacts } from "./token-facts.ts";
import { tokenFacts } from "./token-facts.ts";
import { tokenPage } from "../../../testing/trajectory-views.ts";

/** The facts of a page's first token. */
function factsOf(logProb: number | null, trainerLogProb: number | null): TokenFacts {
  const page = tokenPage();
  const columns = { logProbs: [logProb], trainerLogProbs: [trainerLogProb], advantages: [null] };
  const facts = tokenFacts({ ...page, ...columns }, page.from);
  if (facts === null) throw new Error("the page holds its first token");
  return facts;
}

it("tells how much likelier the trainer found a token than its sampler", () => {
  expect(describeToken(factsOf(-0.5, -0.4)).slice(-2)).toEqual(["difference +0.100 nats", "importance ratio 1.105"]);
});

it("leaves out what is not known", () => {
  expect(describeToken(factsOf(-0.5, null)).at(-1)).toBe("log-probability −0.500 (60.7 %)");
  expect(describeToken(factsOf(null, null)).join(" ")).not.toContain("ratio");
});
