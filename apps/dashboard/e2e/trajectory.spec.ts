import type { StoredTrajectory, TrajectoryStore } from "@litmus/core";
import { smallTrajectories } from "@litmus/testing/seed";
import { expect, test } from "./fixtures.ts";
import { open, settled } from "./pages.ts";

async function stored(store: TrajectoryStore, id: (typeof smallTrajectories)[keyof typeof smallTrajectories]) {
  const entry = await store.trajectory(id);
  if (entry === null) throw new Error(`the seeded store has no trajectory ${id}`);
  return entry;
}

const groupOf = (store: TrajectoryStore, { key }: StoredTrajectory) =>
  store
    .trajectories({ runId: key.runId, stage: key.stage, step: key.step, purpose: key.purpose })
    .then((entries) => entries.filter((entry) => entry.key.group === key.group));

const trained = `/trajectories/${smallTrajectories.trained}`;

test("turn by turn: each query, each hit as it was shown, what is gold and what is cited", async ({ page, seeded }) => {
  const { trajectory } = await stored(seeded.store, smallTrajectories.trained);
  await open(page, trained);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(trajectory.question);
  for (const { index, action, search } of trajectory.turns) {
    const turn = page.getByRole("article", { name: `Turn ${index + 1}`, exact: true });
    if (action.type === "search") await expect(turn).toContainText(action.query);
    await expect(turn.locator("li[data-gold]")).toHaveCount(search?.hits.length ?? 0);
    for (const { title, shownText } of search?.hits ?? []) {
      await expect(turn).toContainText(title);
      await expect(turn).toContainText(shownText);
    }
  }
  const gold = page.locator("li[data-gold=true]");
  await expect(gold).toHaveCount(1);
  await expect(gold.getByText("gold", { exact: true })).toBeVisible();
  await expect(gold.getByText("cited", { exact: true })).toBeVisible();
});

test("records of PubMed are linked, own-written ones are not", async ({ page, seeded }) => {
  await open(page, trained);
  await expect(page.locator("a[href*=pubmed]")).toHaveCount(0);
  const { trajectory } = await stored(seeded.store, smallTrajectories.pubmed);
  const [hit] = trajectory.turns.flatMap(({ search }) => search?.hits ?? []);
  await open(page, `/trajectories/${smallTrajectories.pubmed}`);
  const link = page.getByRole("link", { name: new RegExp(String(hit?.recordId)) }).first();
  await expect(link).toHaveAttribute("href", `https://pubmed.ncbi.nlm.nih.gov/${hit?.recordId}/`);
  await expect(link).toHaveAttribute("rel", /noopener/);
});

test("the reward card holds every component, and why the answer is right or wrong", async ({ page, seeded }) => {
  const { reward } = await stored(seeded.store, smallTrajectories.trained);
  await open(page, trained);
  const table = page.getByRole("table", { name: "Components of the reward" });
  for (const { name, detail } of reward?.components ?? [])
    await expect(table.getByRole("row").filter({ hasText: name })).toContainText(detail);
  await expect(table.getByRole("row", { name: /^Total/ })).toContainText(String(reward?.total));
  await expect(page.getByText("Scored span")).toBeVisible();
  await expect(page.getByText("Normal form", { exact: true })).toBeVisible();
});

test("tokens are coloured one number at a time, with a legend and a sign besides colour", async ({ page }) => {
  await open(page, trained);
  await page.getByRole("tab", { name: /^Tokens/ }).click();
  const tokens = page.getByRole("group", { name: "Tokens" });
  await expect(tokens.locator("[data-token]").first()).toBeVisible();
  const legend = page.getByRole("list", { name: /.+/ }).filter({ hasText: "abc" });
  const looks = new Set<string>();
  for (const mode of ["Log-probability", "Advantage", "Sampler–trainer difference", "Mask"]) {
    await page.getByRole("radio", { name: mode }).check();
    await expect(legend).toBeVisible();
    looks.add(await legend.innerText());
  }
  expect(looks.size).toBe(4);
});

test("a token under the keyboard says the numbers that are stored", async ({ page, seeded }) => {
  const { trajectory } = await stored(seeded.store, smallTrajectories.trained);
  const first = trajectory.segments.find(({ kind }) => kind === "action")?.start ?? 0;
  await open(page, `${trained}?tab=tokens&tokens=${JSON.stringify(`${first}-${first}`)}`);
  const token = page.locator(`[data-token="${first}"]`);
  await token.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  await expect(token).toBeFocused();
  const logProb = trajectory.logProbs[0] ?? 0;
  await expect(page.getByText(`token ${first} ·`)).toContainText(`id ${trajectory.tokens[first]}`);
  await expect(page.getByText(`token ${first} ·`)).toContainText(`(${Math.round(100 * Math.exp(logProb))}`);
});

test("the group stands side by side, each member one click away", async ({ page, seeded }) => {
  const entry = await stored(seeded.store, smallTrajectories.trained);
  const group = await groupOf(seeded.store, entry);
  await open(page, trained);
  const strip = page.getByRole("navigation", { name: "Members of the group" });
  await expect(strip.getByRole("link")).toHaveCount(group.length);
  await strip.getByRole("link").nth(1).click();
  await expect(page).toHaveURL(new RegExp(`/trajectories/${group[1]?.id}`));
  await settled(page);
  await expect(page.getByText(String(group[1]?.id))).toBeVisible();
});

test("brackets go to the trajectories before and after it, and keep the tab", async ({ page, seeded }) => {
  const entry = await stored(seeded.store, smallTrajectories.trained);
  const group = await groupOf(seeded.store, entry);
  await open(page, `${trained}?tab=group`);
  await page.keyboard.press("]");
  await expect(page).toHaveURL(new RegExp(`/trajectories/${group[1]?.id}.*tab=group`));
  await settled(page);
  await page.keyboard.press("[");
  await expect(page).toHaveURL(new RegExp(`/trajectories/${entry.id}`));
});

test("two checkpoints stand beside one another, aligned by turn", async ({ page }) => {
  await open(page, `/trajectories/${smallTrajectories.evaluated}?tab=compare`);
  const choice = page.getByRole("combobox", { name: "Compare with" });
  const base = await choice
    .getByRole("option", { name: /base step 0 · evaluation 0/ })
    .first()
    .innerText();
  await choice.selectOption({ label: base });
  await settled(page);
  await expect(page.getByRole("link", { name: "Swap A and B" })).toBeVisible();
  await expect(page.getByText("Turn 1").first()).toBeVisible();
});

test("a failed episode says at which boundary it failed, and has no reward", async ({ page, seeded }) => {
  const runId = (await stored(seeded.store, smallTrajectories.pubmed)).key.runId;
  const [failed] = (await seeded.store.summaries({ runId, isFailed: true })).filter(
    ({ outcome }) => outcome.type === "failed" && outcome.failure.boundary === "retrieval",
  );
  await open(page, `/trajectories/${failed?.id}`);
  await expect(page.getByText(/Not scored/)).toBeVisible();
  await expect(page.getByText("search-timed-out").first()).toBeVisible();
});
