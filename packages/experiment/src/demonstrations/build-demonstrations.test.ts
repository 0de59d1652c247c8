import { actionPositions, recordId, type Problem } from "@litmus/core";
import { containsAnswer } from "@litmus/reward";
import { createFakeRetriever } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { createEpisodeAgent } from "../../../agent/src/index.ts";
import { createScriptedPolicy } from "../../../policy/src/index.ts";
import { tinyConfig, tinyContext } from "../testing/build-context.ts";
import { tinyProblems, tinyRecords } from "../testing/tiny-world.ts";
import { buildDemonstrations, demonstrationStream, type Demonstration } from "./build-demonstrations.ts";

const marfan = tinyProblems[0] as Problem;
const context = tinyContext();
const textOf = ({ tokens }: Demonstration): string => context.policy.tokenizer.decode(tokens);
/** What a demonstration teaches: the text of its taught tokens, one string a turn. */
const taught = ({ tokens, positions }: Demonstration): string[] => {
  const turns = positions.reduce<number[][]>((runs, at, i) => {
    if (at - 1 !== positions[i - 1]) runs.push([]);
    runs.at(-1)?.push(tokens[at] ?? -1);
    return runs;
  }, []);
  return turns.map((turn) => context.policy.tokenizer.decode(turn));
};

describe("buildDemonstrations", () => {
  it("teaches a search, then the answer with a citation of the record that shows it", async () => {
    const demonstrations = await buildDemonstrations(context, [marfan]);
    expect(demonstrations.length).toBeGreaterThan(1);
    expect(taught(demonstrations[0] as Demonstration)).toEqual([
      "<search>Which gene is mutated in Marfan syndrome</search>",
      "<cite>R1</cite><answer>FBN1</answer>",
    ]);
    expect(new Set(demonstrations.map(textOf)).size).toBe(demonstrations.length);
  });

  it("teaches the answer alone when told not to cite", async () => {
    const [first] = await buildDemonstrations(context, [marfan], { cites: false });
    expect(taught(first as Demonstration).at(-1)).toBe("<answer>FBN1</answer>");
  });

  it("teaches the bare question as the first search when told so, and other words only where it shows nothing", async () => {
    const queries = "question" as const;
    const demonstrations = await buildDemonstrations(context, tinyProblems.slice(0, 3), { queries });
    expect(demonstrations.map((each) => taught(each)[0])).toEqual(
      tinyProblems.slice(0, 3).map(({ question }) => `<search>${question.replace("?", "")}</search>`),
    );
    const retriever = createFakeRetriever({ records: tinyRecords });
    const search: typeof retriever.search = async (asked, options) =>
      asked[0]?.startsWith("Which") === true ? { ok: true, value: [[]] } : retriever.search(asked, options);
    const blind = { ...context, retriever: { ...retriever, search } };
    const again = await buildDemonstrations(blind, [marfan], { queries });
    expect(again.map(({ turns }) => turns)).toEqual([3]);
  });

  it("is used only where an observation shows an accepted answer", async () => {
    const withoutGold = createFakeRetriever({ records: tinyRecords.filter(({ id }) => id !== "R1") });
    const demonstrations = await buildDemonstrations({ ...context, retriever: withoutGold }, tinyProblems.slice(0, 3));
    expect(demonstrations.map(({ problem }) => problem.id)).not.toContain(marfan.id);
    expect(new Set(demonstrations.map(({ problem }) => problem.id)).size).toBe(2);
    for (const demonstration of demonstrations) {
      const observations = textOf(demonstration)
        .split("<information>")
        .slice(1)
        .map((block) => block.split("</information>")[0] ?? "");
      expect(containsAnswer(observations.join("\n"), demonstration.problem.goldenAnswers)).toBe(true);
    }
  });

  it("teaches the form of the answer that is shown, and cites no record that only looks like a gold one", async () => {
    const problem = {
      ...marfan,
      goldenAnswers: ["fibrillin-1 gene", "FBN1"],
      goldRecordIds: [recordId("R"), recordId("R1")],
    };
    const [first] = await buildDemonstrations(context, [problem]);
    expect(taught(first as Demonstration).at(-1)).toBe("<cite>R1</cite><answer>FBN1</answer>");
  });

  it("does not teach an answer that was cut off", async () => {
    const far = tinyRecords.map((record) => ({
      ...record,
      // One sentence, of which the beginning is shown.
      text: `${"nothing is said here and ".repeat(60)}${record.text.replaceAll(". ", "; ")}`,
    }));
    const retriever = createFakeRetriever({ records: far });
    expect(await buildDemonstrations({ ...context, retriever }, tinyProblems.slice(0, 3))).toEqual([]);
  });

  it("searches again where the first search shows nothing", async () => {
    const retriever = createFakeRetriever({ records: tinyRecords });
    const search: typeof retriever.search = async (queries, options) =>
      queries[0]?.startsWith("Which") === true ? { ok: true, value: [[]] } : retriever.search(queries, options);
    const demonstrations = await buildDemonstrations({ ...context, retriever: { ...retriever, search } }, [marfan]);
    const again = demonstrations.filter(({ turns }) => turns === 3);
    expect(again).toHaveLength(1);
    const [first, second, answer] = taught(again[0] as Demonstration);
    expect(first).toBe("<search>Which gene is mutated in Marfan syndrome</search>");
    expect(second).toMatch(/^<search>(?!Which).*Marfan.*<\/search>$/);
    expect(answer).toContain("<answer>FBN1</answer>");
    expect(demonstrations.filter(({ turns }) => turns === 2).length).toBe(demonstrations.length - 1);
  });

  it("is encoded as a rollout that says the same", async () => {
    for (const demonstration of await buildDemonstrations(context, tinyProblems.slice(0, 2))) {
      const said = taught(demonstration);
      const policy = createScriptedPolicy({ contextTokens: 1024, script: ({ turn }) => said[turn] ?? "" });
      const { budgets, timeoutMs } = context.config.agent;
      const options = { seed: 9, temperature: 1, budgets, timeoutMs };
      const rollout = await context.agents.trained.run(
        demonstration.problem.question,
        policy,
        context.retriever,
        options,
      );
      expect(rollout.tokens).toEqual(demonstration.tokens);
      expect(actionPositions(rollout)).toEqual(demonstration.positions);
    }
  });

  it("only closes the answer where the prompt retrieves first, if an accepted answer was retrieved", async () => {
    const agent = createEpisodeAgent({ prompt: "retrieval-augmented-short-v1" });
    const retrieving = { ...context, agents: { base: agent, trained: agent } };
    const demonstrations = await buildDemonstrations(retrieving, [marfan]);
    expect(demonstrations.map(taught)).toEqual([["FBN1</answer>"]]);
    expect(textOf(demonstrations[0] as Demonstration)).toContain("</information>\n<answer>FBN1</answer>");
    const withoutGold = createFakeRetriever({ records: tinyRecords.filter(({ id }) => id !== "R1") });
    expect(await buildDemonstrations({ ...retrieving, retriever: withoutGold }, [marfan])).toEqual([]);
  });

  it("leaves out what is longer than an action may be", async () => {
    const short = { ...context, config: tinyConfig(["agent.budgets.maxActionTokens=12"]) };
    expect(await buildDemonstrations(short, [marfan])).toEqual([]);
    for (const { tokens } of await buildDemonstrations(context, tinyProblems))
      expect(tokens.length).toBeLessThanOrEqual(330);
  });

  it("stops when the run is asked to", async () => {
    const stopping = tinyContext();
    stopping.stop();
    await expect(buildDemonstrations(stopping, tinyProblems)).rejects.toThrow();
  });
});

describe("demonstrationStream", () => {
  const demonstrations = (direct: number, again: number): Demonstration[] =>
    Array.from({ length: direct + again }, (_, i) => ({
      id: `d${i}`,
      problem: marfan,
      tokens: [i],
      positions: [0],
      turns: i < direct ? 2 : 3,
    }));
  const draw = (
    all: readonly Demonstration[],
    options: { seed: number; twoTurnShare: number },
    count: number,
  ): (string | undefined)[] => {
    const stream = demonstrationStream(all, options);
    return Array.from({ length: count }, () => stream.next().value?.id);
  };

  it("gives each of a kind once before any twice", () => {
    const drawn = draw(demonstrations(7, 0), { seed: 1, twoTurnShare: 0 }, 21);
    for (const start of [0, 7, 14]) expect(new Set(drawn.slice(start, start + 7)).size).toBe(7);
    expect(drawn.slice(0, 7)).not.toEqual(drawn.slice(7, 14));
  });

  it("holds the share of two searches, as far as there are any", () => {
    const isAgain = (id: string | undefined): boolean => Number(id?.slice(1)) >= 10;
    const shareOf = (drawn: (string | undefined)[]): number => drawn.filter(isAgain).length / drawn.length;
    expect(shareOf(draw(demonstrations(10, 10), { seed: 2, twoTurnShare: 0.25 }, 4000))).toBeCloseTo(0.25, 1);
    expect(shareOf(draw(demonstrations(10, 0), { seed: 2, twoTurnShare: 0.25 }, 50))).toBe(0);
    const onlyAgain = demonstrations(10, 10).slice(10);
    expect(shareOf(draw(onlyAgain, { seed: 2, twoTurnShare: 0.25 }, 50))).toBe(1);
  });

  it("is the same for the same seed, and ends at once where there is nothing", () => {
    const all = demonstrations(5, 3);
    expect(draw(all, { seed: 3, twoTurnShare: 0.5 }, 40)).toEqual(draw(all, { seed: 3, twoTurnShare: 0.5 }, 40));
    expect(draw(all, { seed: 4, twoTurnShare: 0.5 }, 40)).not.toEqual(draw(all, { seed: 3, twoTurnShare: 0.5 }, 40));
    expect(draw([], { seed: 3, twoTurnShare: 0.5 }, 2)).toEqual([undefined, undefined]);
  });
});
