import { notice, type AskEvent, type AskRequest } from "@litmus/api";
import { ConcurrencyLimit, LitmusError, systemClock } from "@litmus/core";
import type { StoreReader } from "@litmus/server";
import type { Reporter } from "../../output/reporter.ts";
import { answerQuestion } from "./answer-question.ts";
import type { AskService } from "@litmus/server";
import { folderPolicies, type FolderPolicy } from "./folder-policies.ts";
import { PolicyShelf } from "./policy-shelf.ts";
import type { AnswerStore } from "./store-answer.ts";

export interface FolderAsking extends AskService {
  /** Gives up what is loaded and the question at work, with the reason: a run needs the memory. */
  interrupt(reason: LitmusError): Promise<void>;
}

export interface FolderToAsk {
  /** Of the runs. */
  readonly directory: string;
  readonly reader: StoreReader;
  /** Where an answer is stored; null where nothing can be stored now. */
  readonly store: () => Promise<AnswerStore | null>;
  readonly reporter: Reporter;
}

const idleMs = 5 * 60_000;

/** Asks the policies of a folder's runs. One is loaded at a time, and one question is worked on; others wait their turn. */
export function askFolder({ directory, reader, store, reporter }: FolderToAsk): FolderAsking {
  const turns = new ConcurrencyLimit(1, systemClock);
  const shelf = new PolicyShelf({ reporter, idleMs });
  let underWay = 0;
  let interrupting = new AbortController();
  const source = { store: reader, directory, onDamaged: once((message) => reporter.note(message)) };
  const work = async ({ question, policy: id }: AskRequest, emit: (event: AskEvent) => void, signal: AbortSignal) => {
    signal.throwIfAborted();
    const policy = chosen(await folderPolicies(source), id);
    if (!shelf.has(policy)) emit({ type: "policy-load", label: `loading ${policy.option.label}` });
    const context = await shelf.take(policy, signal);
    await answerQuestion(context, question, { emit, signal, store: async () => required(await store()) });
  };
  return {
    options: async () => {
      const policies = (await folderPolicies(source)).map(({ option }) => option);
      return { policies, reason: policies.length === 0 ? nothingToAsk : null, notice };
    },
    ask: async (request, emit, signal) => {
      const stop = AbortSignal.any([signal, interrupting.signal]);
      if (underWay > 0) emit({ type: "policy-load", label: "waiting: another question is being worked on" });
      underWay += 1;
      try {
        await turns.run(() => work(request, emit, stop).finally(() => shelf.rest()));
      } catch (cause) {
        throw stop.aborted ? stop.reason : cause;
      } finally {
        underWay -= 1;
      }
    },
    interrupt: async (reason) => {
      interrupting.abort(reason);
      interrupting = new AbortController();
      await turns.run(() => shelf.drop());
    },
  };
}

/** Says nothing twice. */
function once(say: (message: string) => void): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (!said.has(message)) say(message);
    said.add(message);
  };
}

const nothingToAsk = "no policy is on this machine: train a run, or fetch the base model with: npx litmus ask";

function chosen(policies: readonly FolderPolicy[], id: string | undefined): FolderPolicy {
  const found = id === undefined ? policies[0] : policies.find(({ option }) => option.id === id);
  if (found !== undefined) return found;
  if (policies.length === 0) throw new LitmusError("conflict", nothingToAsk);
  throw new LitmusError("not-found", "there is no such policy here", { path: "policy", hint: "reload the page" });
}

function required<T>(store: T | null): T {
  if (store !== null) return store;
  throw new LitmusError("unavailable", "the answer cannot be stored: another process holds the folder", {
    hint: "ask again",
    retryable: true,
  });
}
