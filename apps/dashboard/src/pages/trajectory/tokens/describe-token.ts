import { formatCount, formatNumber, formatPercent, formatSigned } from "../../../format/number.ts";
import type { TokenFacts } from "./token-facts.ts";
import { visibleForm } from "./visible-form.ts";

const writers: Record<TokenFacts["kind"], string> = {
  prompt: "prompt, not trained",
  action: "action, trained",
  observation: "observation, not trained",
};

/** A token's numbers as short sentences, each one thing; what is not known is left out. */
export function describeToken(facts: TokenFacts): string[] {
  const { index, id, kind, turn, logProb, advantage, trainerLogProb, difference } = facts;
  const place = [`token ${formatCount(index)}`, `id ${id}`, `turn ${turn + 1}`, writers[kind]];
  if (logProb === null) return place;
  return [
    ...place,
    `log-probability ${formatNumber(logProb, 3)} (${formatPercent(Math.exp(logProb))})`,
    ...(advantage === null ? [] : [`advantage ${formatSigned(advantage)}`]),
    ...(trainerLogProb === null ? [] : [`trainer ${formatNumber(trainerLogProb, 3)}`]),
    ...(difference === null ? [] : [`difference ${formatSigned(difference, (size) => formatNumber(size, 3))} nats`]),
    ...(difference === null ? [] : [`importance ratio ${formatNumber(Math.exp(difference), 3)}`]),
  ];
}

/** What a token says, as it can be seen. */
export const shownToken = ({ text, id }: TokenFacts): string =>
  text === null ? String(id) : (visibleForm(text) ?? text);
