// @vitest-environment happy-dom
import type { ProblemView } from "@litmus/api";
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { renderPage } from "../../testing/render-page.tsx";
import type { RenderedPage } from "../../testing/render-page.tsx";
import { attempt, runHead, trajectoryView } from "../../testing/trajectory-views.ts";
import { ProblemPage } from "./problem-page.tsx";
import { problemView } from "./search.ts";

afterEach(cleanup);

const { problem } = trajectoryView();
if (problem === null) throw new Error("the builder gives a problem");

const group = { stage: "grpo", purpose: "train", group: 1, failed: 0 } as const;
const view: ProblemView = {
  run: runHead,
  idSpace: "pubmed",
  problem,
  attempts: [
    attempt({ trajectoryId: "a", step: 1, reward: 0, exactMatch: 0, answer: "TNF" }),
    attempt({ trajectoryId: "b", step: 2, reward: 1 }),
    attempt({ trajectoryId: "c", step: 2, member: 1, reward: null, exactMatch: null, answer: null }),
  ],
  groups: [
    { ...group, step: 1, runStep: 1, mean: 0, rewards: [0, 0] },
    { ...group, step: 2, runStep: 2, mean: 0.75, rewards: [1, 0.5, null], failed: 1 },
  ],
  queries: [
    { query: "cytokine sepsis", count: 3, foundGold: 2, meanReward: 0.5, firstStep: 1, lastStep: 2, example: "b" },
  ],
  otherRuns: [
    { run: { ...runHead, id: "run-2", name: "other" }, attempts: 4, exactMatch: 0.25, lastTrajectoryId: "z" },
  ],
};

const open = (search: string, answer: ProblemView | null = view): Promise<RenderedPage> =>
  renderPage({
    path: "/runs/$runId/problems/$problemId",
    address: `/runs/run-1/problems/p-1${search}`,
    view: problemView,
    page: ProblemPage,
    serve: () =>
      answer === null
        ? Response.json({ type: "error", code: "not-found", message: "no such problem" }, { status: 404 })
        : Response.json(answer),
  });

const attempts = async (): Promise<(string | null)[]> => {
  const table = await screen.findByRole("table", { name: "Attempts" });
  return within(table)
    .queryAllByRole("rowheader")
    .map((cell) => within(cell).getByRole("link").getAttribute("href"));
};

describe("a problem's page", () => {
  it("shows the question, what counts as right and which records say so", async () => {
    await open("");
    expect((await screen.findByRole("heading", { level: 1 })).textContent).toBe(problem.question);
    expect(document.title).toBe(`${problem.question} · Litmus`);
    const facts = screen.getByRole("region", { name: "The question" });
    for (const answer of problem.goldenAnswers) expect(facts.textContent).toContain(answer);
    expect(
      within(facts)
        .getByRole("link", { name: /PMID 12345/ })
        .getAttribute("rel"),
    ).toBe("noopener noreferrer");
  });

  it("draws how the reward moved, and gives the same numbers as a table", async () => {
    const page = await open("");
    expect(
      (await screen.findByRole("img", { name: /Mean reward in train: from 0 to 0.750 over 2 groups/ })).tagName,
    ).toBe("svg");
    fireEvent.click(screen.getByRole("switch", { name: "As a table" }));
    const row = await screen.findByRole("row", { name: /grpo 2 train 0.75/ });
    expect(row.textContent).toContain("1.00  0.50  –");
    expect(page.address()).toBe("/runs/run-1/problems/p-1?table=true");
  });

  it("filters and sorts the attempts, each a link to its trajectory", async () => {
    const page = await open("");
    expect(await attempts()).toEqual(["/trajectories/a", "/trajectories/b", "/trajectories/c"]);
    fireEvent.click(screen.getByRole("button", { name: "Reward" }));
    await waitFor(async () =>
      expect(await attempts()).toEqual(["/trajectories/b", "/trajectories/a", "/trajectories/c"]),
    );
    fireEvent.change(screen.getByRole("searchbox"), { target: { value: "tnf" } });
    await waitFor(async () => expect(await attempts()).toEqual(["/trajectories/a"]));
    expect(page.address()).toBe("/runs/run-1/problems/p-1?sort=reward&order=descending&find=tnf");
  });

  it("keeps its filters in the address", async () => {
    await open("?outcome=%5B%22failed%22%5D");
    expect(await attempts()).toEqual(["/trajectories/c"]);
    expect(screen.getByText("1 of 3.")).toBeTruthy();
  });

  it("leads from a query to a trajectory that tried it, and to the same question elsewhere", async () => {
    await open("");
    const query = await screen.findByRole("link", { name: "cytokine sepsis" });
    expect(query.getAttribute("href")).toBe("/trajectories/b?find=cytokine+sepsis");
    expect(screen.getByRole("row", { name: /cytokine sepsis 3 2 of 3 0.50 1 2/ })).toBeTruthy();
    expect(screen.getByRole("link", { name: "other" }).getAttribute("href")).toBe("/runs/run-2/problems/p-1");
  });

  it("says where there is nothing yet", async () => {
    await open("", { ...view, attempts: [], groups: [], queries: [], otherRuns: [] });
    for (const sentence of ["Nothing was scored yet", "The question was not asked yet.", "No attempt has searched."])
      expect(await screen.findByText(sentence)).toBeTruthy();
    expect(screen.getByText("No other run was asked this question")).toBeTruthy();
  });

  it("says what is not there", async () => {
    await open("", null);
    expect((await screen.findByRole("alert")).textContent).toContain("No such problem");
  });
});
