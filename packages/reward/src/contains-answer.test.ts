import { describe, expect, it } from "vitest";
import { containsAnswer, normalizeAnswer } from "./index.ts";
import { goldenNames } from "./testing/golden-names.ts";

describe("containsAnswer", () => {
  it.each([
    ["Levels of interleukin 6 (IL-6) rose.", "IL6"],
    ["TNFα-induced apoptosis", "TNF-alpha"],
    ["The TNF-induced response", "TNF"],
    ["an anti-CD19 antibody", "CD19"],
    ["in Alzheimer’s disease, tau", "Alzheimer disease"],
    ["acute leukaemias; leukaemia", "leukemia"],
    ["the 5′-UTR of the gene", "5' UTR"],
    ["doses of 2.5 mg daily", "2.5mg"],
    ["Graves' disease is", "Graves disease"],
    ["translocation t(9;22) was", "t(9;22)"],
    ["(haemolytic uraemic syndrome, HUS)", "hemolytic uremic syndrome (HUS)"],
    ["ends with TP53", "the TP53"],
    ["CD4+ T cells", "CD4+"],
    ["of (-)-catechin in", "(-)-catechin"],
    ["patients' asthma worsened", "asthma"],
    ["about 5,000 cases", "5000"],
    ["a fall (-5 mmHg)", "-5 mmHg"],
  ])("%j holds %j", (text, golden) => expect(containsAnswer(text, [golden])).toBe(true));
  it.each([
    ["HLA-A typing", "HLA"],
    ["interleukin-6", "interleukin"],
    ["TNF-alpha", "TNF"],
    ["doses of 2.5 mg", "5 mg"],
    ["12.5 mg", "2.5 mg"],
    ["IL-16 rose", "IL-6"],
    ["IL-6R", "IL-6"],
    ["nonsmokers", "smokers"],
    ["non-smokers", "smokers"],
    ["CD4+ cells", "CD4"],
    ["95%", "95"],
    ["a fall of -5", "5"],
    ["the therapist", "rapist"],
    ["", "TP53"],
    ["TP 53B", "TP53"],
    ["10-6", "6"],
  ])("%j does not hold %j", (text, golden) => expect(containsAnswer(text, [golden])).toBe(false));
  it("finds every golden name in a sentence, and none in its neighbour's", () => {
    for (const golden of goldenNames) {
      expect(containsAnswer(`We found that ${golden} (see above) was raised.`, [golden]), golden).toBe(true);
      expect(containsAnswer("We found nothing of note in the mice.", [golden]), golden).toBe(false);
    }
  });
  it("agrees with the verifier on whole strings", () => {
    for (const golden of goldenNames) expect(containsAnswer(normalizeAnswer(golden), [golden]), golden).toBe(true);
  });
});
