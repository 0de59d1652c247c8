import type { SystemView } from "@litmus/api";
import type { ServerOptions } from "@litmus/server";
import { createByteTokenizer, hostileTexts } from "@litmus/testing/seed";
import { scriptedAsk, type AskScript } from "./scripted-ask.ts";

type Queue = NonNullable<SystemView["queue"]>;

const tokenizer = createByteTokenizer();

/** What a seeded server has besides its store: a scripted policy to ask, the seeded tokenizer, a queue with workers. */
export function seededParts(isHostile: boolean): Pick<ServerOptions, "ask" | "spellTokens" | "queue" | "storeEngine"> {
  return {
    ask: isHostile ? scriptedAsk(hostileScript) : scriptedAsk(),
    spellTokens: async (_policy, _run, ids) => ids.map(spell),
    queue: async () => (isHostile ? hostileQueue : busyQueue),
    storeEngine: "PGlite",
  };
}

const spell = (id: number): string => (tokenizer.isControl(id) ? "<bos>" : tokenizer.decode([id]));

const at = (index: number): string => hostileTexts[index % hostileTexts.length] ?? "";

const hostileScript: AskScript = {
  label: at(0),
  query: hostileTexts.join("\n"),
  title: hostileTexts.join("\n"),
  shownText: hostileTexts.join("\n"),
  answer: hostileTexts.join("\n"),
  recordId: at(1),
};

const seen = { startedAt: "2026-03-04T07:58:00.000Z", lastSeenAt: "2026-03-06T08:59:52.000Z" };

const busyQueue: Queue = {
  engine: "bullmq",
  waiting: 6,
  active: 2,
  dead: 1,
  workers: [
    { id: "worker-1", host: "rollouts-a", processId: 4211, ...seen, active: 1, done: 118 },
    { id: "worker-2", host: "rollouts-b", processId: 3907, ...seen, active: 1, done: 112 },
  ],
  deadJobs: [
    {
      id: "textbook-2:grpo:5:train:3",
      group: "textbook-2, grpo, step 5, group 3",
      code: "worker-lost",
      message: "the worker ended three times while it made this group",
      attempts: 3,
    },
  ],
};

const hostileQueue: Queue = {
  ...busyQueue,
  workers: hostileTexts.map((text, i) => ({
    id: `${i} ${text}`,
    host: at(i + 1),
    processId: i,
    ...seen,
    active: 0,
    done: i,
  })),
  deadJobs: hostileTexts.map((text, i) => ({
    id: `${i} ${text}`,
    group: at(i + 1),
    code: at(i + 2),
    message: at(i + 3),
    attempts: 3,
  })),
};
