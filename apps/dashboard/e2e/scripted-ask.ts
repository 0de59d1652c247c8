import { notice, type AskEvent, type TurnView } from "@litmus/api";
import type { AskService } from "@litmus/server";

/** What an asked policy is made to say. */
export interface AskScript {
  readonly label: string;
  readonly query: string;
  readonly title: string;
  readonly shownText: string;
  readonly answer: string;
  readonly recordId: string;
}

const ordinary: AskScript = {
  label: "textbook, version 10",
  query: "mosquito genus carries malaria",
  title: "Night biters: the vector of malaria",
  shownText: "Malaria parasites are carried by female Anopheles mosquitoes, which bite between dusk and dawn.",
  answer: "Anopheles",
  recordId: "OWN0011",
};

/** A policy that searches once and answers, event by event, without a model. */
export function scriptedAsk(script: AskScript = ordinary): AskService {
  const policies = [
    { id: "textbook:10", label: script.label, runId: "textbook", version: 10, exactMatch: 0.93 },
    { id: "base", label: `${script.label}: base`, runId: null, version: 0, exactMatch: 0.13 },
  ];
  return {
    options: async () => ({ policies, reason: null, notice }),
    ask: async ({ question }, emit) => {
      for (const event of events(script, question)) emit(event);
    },
  };
}

function events(script: AskScript, question: string): AskEvent[] {
  const { label, query, title, answer, recordId } = script;
  const search = `<think>A record may name it.</think>\n<search>${query}</search>`;
  const last = `<cite>${recordId}</cite><answer>${answer}</answer>`;
  return [
    { type: "policy-load", label },
    { type: "episode-start", question },
    { type: "turn-start", turn: 0 },
    { type: "action-end", turn: 0, text: search },
    { type: "search-start", turn: 0, query },
    { type: "turn-end", turn: searchTurn(script, search) },
    { type: "turn-start", turn: 1 },
    { type: "action-end", turn: 1, text: last },
    { type: "turn-end", turn: answerTurn(script, last) },
    {
      type: "episode-end",
      answer,
      citations: [{ recordId, title, kind: "cited", url: null, year: 2007 }],
      ending: { type: "stopped", reason: "completed" },
      trajectoryId: "0".repeat(32),
      usage: { prefilledTokens: 400, cachedTokens: 0, sampledTokens: search.length + last.length, searches: 1 },
      durationMs: 2400,
    },
  ];
}

function searchTurn({ query, title, shownText, recordId }: AskScript, actionText: string): TurnView {
  const hit = { recordId, rank: 1, score: 11.2, title, year: 2007, shownText, cut: false };
  return {
    index: 0,
    thought: "A record may name it.",
    actionText,
    action: { type: "search", query },
    sampledTokens: actionText.length,
    tokens: null,
    search: { query, durationMs: 3, failure: null, hits: [{ ...hit, isGold: false, isCited: true, url: null }] },
  };
}

function answerTurn({ answer, recordId }: AskScript, actionText: string): TurnView {
  return {
    index: 1,
    thought: "",
    actionText,
    action: { type: "answer", answer, cited: [recordId] },
    sampledTokens: actionText.length,
    tokens: null,
    search: null,
  };
}
