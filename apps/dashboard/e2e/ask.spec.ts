import { expect, test } from "./fixtures.ts";
import { open } from "./pages.ts";

test("without the token the page says that it may not ask, and why", async ({ page }) => {
  await open(page, "/ask");
  await expect(page.getByText("For research only. Never for clinical advice.")).toBeVisible();
  await expect(page.getByText("This tab may read, but not ask")).toBeVisible();
  await expect(page.getByRole("button", { name: "Ask", exact: true })).toHaveCount(0);
});

test("a question is searched and answered turn by turn, with what the answer cites", async ({ page, seeded }) => {
  await open(page, `/ask#token=${seeded.token}`);
  // A copied address never holds the token.
  await expect(page).toHaveURL(/\/ask$/);
  await page.getByRole("textbox", { name: "Question" }).fill("Which mosquito genus carries malaria?");
  await page.keyboard.press("Enter");
  const episode = page.getByRole("region", { name: "The episode" });
  await expect(episode.getByRole("link", { name: "Open the trajectory" })).toBeVisible();
  await expect(episode.getByText("Anopheles", { exact: true }).first()).toBeVisible();
  await expect(episode.getByRole("article", { name: "Turn 1" })).toContainText("mosquito genus carries malaria");
  await expect(episode.getByRole("article", { name: "Turn 2" })).toContainText("Anopheles");
  await expect(episode.getByRole("list", { name: "Citations" })).toContainText("Night biters");
  await expect(page).toHaveURL(/question=/);
});

test("the policy that is asked can be chosen", async ({ page, seeded }) => {
  await open(page, `/ask#token=${seeded.token}`);
  await page.getByRole("combobox", { name: "Policy" }).selectOption("base");
  await expect(page).toHaveURL(/policy=base/);
});
