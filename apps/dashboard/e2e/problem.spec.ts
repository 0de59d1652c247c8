import { problemId, runId } from "@litmus/core";
import { smallProblem, smallRuns } from "@litmus/testing/seed";
import { expect, test } from "./fixtures.ts";
import { open, pages } from "./pages.ts";

const filter = { runId: runId(smallRuns.finished), problemId: problemId(smallProblem) };

test("a question stands with its golden answers, its attempts and how its reward moved", async ({ page, seeded }) => {
  const problem = await seeded.store.problem(filter.runId, filter.problemId);
  const attempts = await seeded.store.summaries(filter);
  await open(page, pages.problem);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(problem?.question ?? "");
  for (const answer of problem?.goldenAnswers ?? [])
    await expect(page.getByRole("main").getByText(answer, { exact: true }).first()).toBeVisible();
  const rows = page.getByRole("table", { name: "Attempts" }).locator("tbody tr");
  await expect(rows).toHaveCount(attempts.length);
});

test("queries that were tried are counted, and each leads to a trajectory that tried it", async ({ page, seeded }) => {
  const queries = (await seeded.store.summaries(filter)).flatMap(({ searches }) => searches.map(({ query }) => query));
  const most = queries.map((query) => queries.filter((other) => other === query).length);
  await open(page, pages.problem);
  const rows = page.getByRole("table", { name: "Queries tried" }).locator("tbody tr");
  await expect(rows).toHaveCount(new Set(queries).size);
  await expect(rows.first().getByRole("cell").first()).toHaveText(String(Math.max(...most)));
  await rows.first().getByRole("link").click();
  await expect(page).toHaveURL(/\/trajectories\/.*find=/);
});

test("attempts are narrowed by what came of them", async ({ page, seeded }) => {
  const attempts = await seeded.store.summaries(filter);
  const right = attempts.filter(({ components }) =>
    components.some(({ name, score }) => name === "exactMatch" && score === 1),
  );
  await open(page, pages.problem);
  await page.getByRole("button", { name: /^Outcome/ }).click();
  await page.getByRole("checkbox", { name: /^right/ }).click();
  await expect(page.getByRole("table", { name: "Attempts" }).locator("tbody tr")).toHaveCount(right.length);
});

test("the same question in other runs is one click away", async ({ page }) => {
  await open(page, pages.problem);
  const other = page.getByRole("table", { name: "Other runs" }).getByRole("row").filter({ hasText: "running" });
  await other.getByRole("link").first().click();
  await expect(page).toHaveURL(new RegExp(`/runs/${smallRuns.running}/problems/${smallProblem}`));
});
