import { problemId, recordId, type CorpusRecord, type Problem, type RecordId } from "@litmus/core";
import { seedTopics, type SeedTopic } from "./seed-topics.ts";

/** Whether ids of records are PMIDs, which pages link, or of a corpus of one's own. */
export type IdSpace = "pubmed" | "own";

/** A problem with the topic that it asks about. */
export interface SeedProblem {
  readonly problem: Problem;
  readonly topic: SeedTopic;
}

export interface SeedData {
  readonly train: readonly SeedProblem[];
  readonly test: readonly SeedProblem[];
  readonly records: readonly CorpusRecord[];
}

/** Sixteen questions to learn from and sixteen to be asked, no topic in both: each topic in two wordings. */
export function seedData(idSpace: IdSpace): SeedData {
  const half = seedTopics.length / 2;
  const ask = (topic: SeedTopic, index: number): SeedProblem[] =>
    [false, true].map((isParaphrased) => seedProblem(topic, { idSpace, index, isParaphrased }));
  return {
    train: seedTopics.slice(0, half).flatMap(ask),
    test: seedTopics.slice(half).flatMap((topic, i) => ask(topic, half + i)),
    records: seedTopics.map(({ title, text, year }, i) => ({ id: seedRecordId(idSpace, i), title, text, year })),
  };
}

/** PMIDs above all that are given out: no text here passes for that of an article. */
function seedRecordId(idSpace: IdSpace, index: number): RecordId {
  return recordId(idSpace === "pubmed" ? String(990_000_101 + index) : `OWN${String(index + 1).padStart(4, "0")}`);
}

interface Asking {
  readonly idSpace: IdSpace;
  readonly index: number;
  readonly isParaphrased: boolean;
}

function seedProblem(topic: SeedTopic, { idSpace, index, isParaphrased }: Asking): SeedProblem {
  const { question } = topic;
  const problem: Problem = {
    id: problemId(`topic-${String(index + 1).padStart(2, "0")}-${isParaphrased ? "b" : "a"}`),
    question: isParaphrased ? `A student asks: ${question.charAt(0).toLowerCase()}${question.slice(1)}` : question,
    goldenAnswers: topic.answers,
    goldRecordIds: [seedRecordId(idSpace, index)],
    category: topic.category,
    isParaphrased,
  };
  return { problem, topic };
}
