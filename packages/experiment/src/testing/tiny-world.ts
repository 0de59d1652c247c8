import { problemId, recordId, type CorpusRecord, type Problem } from "@litmus/core";

const genes = {
  FBN1: "Marfan syndrome",
  CFTR: "cystic fibrosis",
  HTT: "Huntington disease",
  PAH: "phenylketonuria",
  DMD: "Duchenne dystrophy",
  NF1: "neurofibromatosis",
  RB1: "retinoblastoma",
  ATP7B: "Wilson disease",
} as const;

/** Eight records of one disease and one gene each, ids R1 to R8; R10 to R17 say the same without the gene. */
export const tinyRecords: readonly CorpusRecord[] = Object.entries(genes).flatMap(([gene, disease], index) => [
  record(
    `R${index + 1}`,
    disease,
    `It is inherited. Patients with ${disease} have a mutated ${gene} gene. It is rare.`,
  ),
  record(`R${index + 10}`, `Care of ${disease}`, `Care of patients is shared among several clinics.`),
]);

/** One question a disease. */
export const tinyProblems: readonly Problem[] = Object.entries(genes).map(([gene, disease], index) => ({
  id: problemId(`p${index + 1}`),
  question: `Which gene is mutated in ${disease}?`,
  goldenAnswers: [gene],
  goldRecordIds: [recordId(`R${index + 1}`)],
  category: null,
  isParaphrased: null,
}));

function record(id: string, disease: string, text: string): CorpusRecord {
  return { id: recordId(id), title: `About ${disease}`, text, year: null };
}
