import type { CorpusRecord, Problem } from "@litmus/core";
import type { DatasetExpectations, DatasetFinding } from "./dataset-finding.ts";
import { comparable, containsWholeWords } from "./whole-words.ts";

/** Findings about problems one by one and in number, against the records that hold their evidence. */
export function checkProblems(
  problems: readonly Problem[],
  records: readonly CorpusRecord[],
  expectations: DatasetExpectations,
): DatasetFinding[] {
  const byId = new Map(records.map((record) => [record.id as string, record]));
  return [
    ...checkCounts(problems, expectations),
    ...problems.flatMap((problem) => [
      ...checkEvidence(problem, byId),
      ...checkAnswers(problem, expectations.maxAnswerCharacters ?? Number.POSITIVE_INFINITY),
    ]),
  ];
}

function checkCounts(problems: readonly Problem[], expectations: DatasetExpectations): DatasetFinding[] {
  const findings: DatasetFinding[] = [];
  const report = (code: string, message: string): void => void findings.push({ code, ids: [], message });
  const { minProblems, paraphrasedShare, categories } = expectations;
  if (minProblems !== undefined && problems.length < minProblems) {
    report("too-few-problems", `${problems.length} problems, ${minProblems} expected`);
  }
  if (paraphrasedShare !== undefined) {
    const share = problems.filter((problem) => problem.isParaphrased === true).length / Math.max(1, problems.length);
    if (!(share >= paraphrasedShare.min && share <= paraphrasedShare.max)) {
      const range = `${paraphrasedShare.min}–${paraphrasedShare.max}`;
      report("paraphrased-share", `${share.toFixed(3)} of the questions are paraphrased, not ${range}`);
    }
  }
  if (categories !== undefined) {
    const present = new Set(problems.map((problem) => problem.category ?? "none"));
    for (const category of categories) {
      if (!present.delete(category)) report("category-missing", `no problem has category ${category}`);
    }
    for (const category of present) report("category-unknown", `category ${category} is not expected`);
  }
  return findings;
}

function checkEvidence(problem: Problem, records: ReadonlyMap<string, CorpusRecord>): DatasetFinding[] {
  const findings: DatasetFinding[] = [];
  const report = (code: string, message: string): void =>
    void findings.push({ code, ids: [problem.id], message: `${problem.id}: ${message}` });
  const gold = problem.goldRecordIds.flatMap((id) => records.get(id) ?? []);
  if (problem.goldRecordIds.length === 0) report("no-gold-record", "no gold record");
  for (const id of problem.goldRecordIds) {
    if (!records.has(id)) report("gold-record-unknown", `the gold record ${id} is not in the corpus`);
  }
  const answer = problem.goldenAnswers[0] ?? "";
  const states = (record: CorpusRecord): boolean => containsWholeWords(`${record.title}\n${record.text}`, answer);
  if (gold.length > 0 && !gold.some(states)) {
    report("answer-not-in-gold-record", `no gold record states "${answer}"`);
  }
  for (const accepted of problem.goldenAnswers) {
    if (containsWholeWords(problem.question, accepted)) {
      report("answer-in-question", `the question holds the answer "${accepted}"`);
    }
  }
  return findings;
}

function checkAnswers(problem: Problem, maxCharacters: number): DatasetFinding[] {
  const findings: DatasetFinding[] = [];
  const report = (code: string, message: string): void =>
    void findings.push({ code, ids: [problem.id], message: `${problem.id}: ${message}` });
  const seen = new Set<string>();
  if (problem.goldenAnswers.length === 0) report("answer-empty", "no accepted answer");
  for (const [index, accepted] of problem.goldenAnswers.entries()) {
    const form = comparable(accepted);
    if (form === "") report("answer-empty", "an accepted answer is empty");
    if (accepted.length > maxCharacters) {
      report("answer-too-long", `"${accepted}" is longer than ${maxCharacters} characters`);
    }
    if (seen.has(form)) {
      const isAnswer = index > 0 && form === comparable(problem.goldenAnswers[0] ?? "");
      report(isAnswer ? "synonym-is-answer" : "synonym-twice", `"${accepted}" is listed again`);
    }
    seen.add(form);
  }
  return findings;
}
