// @vitest-environment happy-dom
import type { TokenPage, TrajectoryView } from "@litmus/api";
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { renderPage } from "../../testing/render-page.tsx";
import type { RenderedPage } from "../../testing/render-page.tsx";
import { hit, member, tokenPage, trajectoryView, turnView } from "../../testing/trajectory-views.ts";
import { trajectoryView as view } from "./search.ts";
import { TrajectoryPage } from "./trajectory-page.tsx";

afterEach(cleanup);
Element.prototype.scrollIntoView = () => undefined;
window.scrollTo = () => undefined;

const refused = (status: number): Response =>
  Response.json({ type: "error", code: "not-found", message: "there is no such trajectory" }, { status });

async function open(
  search: string,
  trajectories: readonly TrajectoryView[],
  page: TokenPage | null = tokenPage(),
): Promise<RenderedPage> {
  return renderPage({
    path: "/trajectories/$trajectoryId",
    address: `/trajectories/t-0${search}`,
    view,
    page: TrajectoryPage,
    serve: ({ pathname }) => {
      if (pathname.endsWith("/tokens")) return page === null ? refused(404) : Response.json(page);
      const found = trajectories.find(({ id }) => pathname === `/api/trajectories/${id}`);
      return found === undefined ? refused(404) : Response.json(found);
    },
  });
}

const heading = (name: string | RegExp): Promise<HTMLElement> => screen.findByRole("heading", { name });

describe("a trajectory's turns", () => {
  it("are shown with what was thought, asked and found", async () => {
    const gold = hit({
      recordId: "777",
      url: "https://pubmed.ncbi.nlm.nih.gov/777/",
      isGold: true,
      isCited: true,
      cut: true,
    });
    const own = hit({ recordId: "mini-3", rank: 2, url: null });
    const search = { query: "cytokine", durationMs: 12, failure: null, hits: [gold, own] };
    await open("", [trajectoryView({ turns: [turnView({ search })] })]);
    const turn = await screen.findByRole("article", { name: "Turn 1" });
    const [first, second] = within(within(turn).getByRole("region", { name: "Search of turn 1" })).getAllByRole(
      "listitem",
    );
    const link = within(first!).getByRole("link", { name: /PMID 777/ });
    expect(link.getAttribute("href")).toBe("https://pubmed.ncbi.nlm.nih.gov/777/");
    expect([link.getAttribute("rel"), link.getAttribute("target")]).toEqual(["noopener noreferrer", "_blank"]);
    for (const mark of ["gold", "cited", "cut to fit"]) expect(within(first!).getByText(mark)).toBeTruthy();
    expect(within(second!).queryByRole("link")).toBeNull();
    expect(within(second!).getByText("own-written record")).toBeTruthy();
    expect(within(turn).getByText("2 hits in 12 ms")).toBeTruthy();
    expect(within(turn).getByRole("button", { name: /the index of turn 1: e{64}/ })).toBeTruthy();
  });

  it("say why an action was malformed and what a search failed on", async () => {
    const failure = {
      boundary: "retrieval",
      code: "search-timed-out",
      message: "no answer in 2 s",
      retryable: true,
    } as const;
    const turns = [
      turnView({ action: { type: "malformed", reason: "the search tag is not closed" }, search: null }),
      turnView({ index: 1, search: { query: "q", durationMs: 2000, failure, hits: [] } }),
    ];
    await open("", [trajectoryView({ turns })]);
    expect((await screen.findByText(/Neither searched nor answered/)).textContent).toContain(
      "the search tag is not closed",
    );
    expect(screen.getByText(/Failed at retrieval/).textContent).toContain("no answer in 2 s");
  });

  it("are filtered by words, which are marked", async () => {
    const page = await open("", [trajectoryView()]);
    await heading("Turn 1");
    fireEvent.change(screen.getByRole("searchbox"), { target: { value: "il-6" } });
    await waitFor(() => expect(screen.queryByRole("heading", { name: "Turn 1" })).toBeNull());
    expect(screen.getByText("1 of 2 turns")).toBeTruthy();
    expect(document.querySelector("mark")?.textContent).toBe("IL-6");
    expect(page.address()).toBe("/trajectories/t-0?find=il-6");
  });

  it("are gone through with J and K, and the address follows", async () => {
    const page = await open("", [trajectoryView()]);
    await heading("Turn 1");
    fireEvent.keyDown(document.body, { key: "j" });
    await waitFor(() => expect(page.address()).toBe("/trajectories/t-0?turn=1"));
    fireEvent.keyDown(document.body, { key: "j" });
    await waitFor(() => expect(page.address()).toBe("/trajectories/t-0?turn=2"));
    fireEvent.keyDown(document.body, { key: "k" });
    await waitFor(() => expect(screen.getByRole("article", { name: "Turn 1" }).dataset["marked"]).toBe("true"));
  });

  it("show a hostile text as text", async () => {
    const hostile = `<img src=x onerror="alert(1)"><script>alert(2)</script>\u202e`;
    const turns = [
      turnView({
        thought: hostile,
        search: { query: hostile, durationMs: 1, failure: null, hits: [hit({ title: hostile })] },
      }),
    ];
    await open("", [trajectoryView({ question: hostile, answer: hostile, turns })]);
    expect((await screen.findAllByText(hostile.trim(), { exact: false })).length).toBeGreaterThan(3);
    expect(document.querySelector("img[src=x], script")).toBeNull();
  });
});

describe("a trajectory's worth", () => {
  it("is explained by the span that was scored and the rule that decided", async () => {
    await open("", [trajectoryView()]);
    const card = await screen.findByRole("region", { name: "Reward" });
    expect(within(card).getByText("The normal form equals that of a golden answer.", { exact: false })).toBeTruthy();
    expect(within(card).getByText("matched").closest("li")?.textContent).toContain("IL-6");
    expect(within(card).getByRole("row", { name: /exactMatch/ }).textContent).toMatch(/111$/);
  });

  it("is said to be none where the episode failed", async () => {
    const ending = { type: "failed", boundary: "timeout", code: "deadline", message: "60 s passed" } as const;
    await open("", [trajectoryView({ reward: null, answer: null, ending })]);
    const card = await screen.findByRole("region", { name: "Reward" });
    expect(card.textContent).toContain("Not scored");
    expect(card.textContent).toContain("60 s passed");
  });
});

describe("a trajectory's group", () => {
  it("leads to each member, seen in the same way", async () => {
    await open("?tab=group&mode=mask", [trajectoryView()]);
    const members = within(await screen.findByRole("navigation", { name: "Members of the group" }));
    const [first, second] = members.getAllByRole("link");
    expect(first?.getAttribute("aria-current")).toBe("page");
    expect(second?.getAttribute("href")).toBe("/trajectories/t-1?tab=group&mode=mask");
    expect(screen.getByRole("article", { name: "Member 1" }).textContent).toContain("TNF");
  });

  it("shows an advantage in the same digits wherever it stands", async () => {
    await open("", [
      trajectoryView({
        advantage: -0.475,
        group: [member({ advantage: -0.475 }), member({ trajectoryId: "t-1", member: 1 })],
      }),
    ]);
    const members = within(await screen.findByRole("navigation", { name: "Members of the group" }));
    expect(members.getByText("−0.475")).toBeTruthy();
    expect(screen.getByText("advantage −0.475")).toBeTruthy();
  });

  it("is compared turn by turn with the one chosen", async () => {
    const hits = [hit(), hit({ recordId: "2", rank: 2 })];
    const search = {
      query: "cytokine in sepsis",
      durationMs: 3,
      failure: null,
      hits: [hit({ recordId: "2" }), hit({ recordId: "3", rank: 2 })],
    };
    const first = trajectoryView({
      turns: [turnView({ search: { query: "cytokine sepsis", durationMs: 3, failure: null, hits } })],
    });
    const second = trajectoryView({
      id: "t-1",
      answer: "TNF",
      turns: [turnView({ search }), turnView({ index: 1, search: null })],
    });
    const page = await open("?tab=compare", [first, second]);
    fireEvent.change(await screen.findByLabelText("Compare with"), { target: { value: "t-1" } });
    const turns = within(await screen.findByRole("list", { name: "Turns side by side" }));
    expect(turns.getByText("in").closest("ins")).toBeTruthy();
    expect(turns.getByText("1 found by A alone").nextSibling?.textContent).toContain("12345");
    expect(turns.getByText("1 found by both").nextSibling?.textContent).toContain("2");
    expect(turns.getByText("1 found by B alone").nextSibling?.textContent).toContain("3");
    expect(turns.getByText("The episode has ended.")).toBeTruthy();
    expect(screen.getByRole("row", { name: /Answer/ }).textContent).toContain("differs");
    expect(page.address()).toBe("/trajectories/t-0?tab=compare&beside=t-1");
  });

  it("may be of one member, which is compared with nothing yet", async () => {
    await open("?tab=compare", [trajectoryView({ group: [member()], others: [] })]);
    expect(await screen.findByText("Nothing to compare with yet")).toBeTruthy();
    expect(screen.queryByRole("navigation", { name: "Members of the group" })).toBeNull();
  });
});

describe("a trajectory's tokens", () => {
  const token = (index: number): HTMLElement => {
    const element = document.querySelector<HTMLElement>(`[data-token="${index}"]`);
    if (element === null) throw new Error(`there is no token ${index}`);
    return element;
  };

  it("are coloured by one thing at a time", async () => {
    const page = await open("?tab=tokens", [trajectoryView()]);
    await screen.findByText("w11");
    expect([token(0), token(10), token(14)].map(({ dataset }) => dataset["step"])).toEqual(["none", "high", "low2"]);
    fireEvent.click(screen.getByRole("radio", { name: "Mask" }));
    await waitFor(() => expect(token(10).dataset["step"]).toBe("trained"));
    expect(token(15).dataset["step"]).toBe("masked");
    expect(page.address()).toBe("/trajectories/t-0?tab=tokens&mode=mask");
    expect(screen.getByText("retrieved and system tokens: not trained")).toBeTruthy();
  });

  it("are told of when they are focused, and gone through by keyboard", async () => {
    const page = await open("?tab=tokens", [trajectoryView()]);
    await screen.findByText("w11");
    expect(document.querySelectorAll("[data-token][tabindex='0']")).toHaveLength(1);
    token(12).focus();
    expect(await screen.findByText(/log-probability −0.500 \(60.7 %\)/)).toBeTruthy();
    fireEvent.keyDown(token(12), { key: "ArrowRight" });
    expect(document.activeElement).toBe(token(13));
    fireEvent.keyDown(token(13), { key: "ArrowRight", shiftKey: true });
    await waitFor(() => expect(page.address()).toBe("/trajectories/t-0?tab=tokens&tokens=13-14"));
    expect([token(12), token(13), token(14)].map(({ dataset }) => dataset["marked"])).toEqual([
      undefined,
      "true",
      "true",
    ]);
    fireEvent.keyDown(token(14), { key: "Escape" });
    await waitFor(() => expect(page.address()).toBe("/trajectories/t-0?tab=tokens"));
  });

  it("are marked from the one clicked to the one clicked with Shift", async () => {
    const page = await open("?tab=tokens", [trajectoryView()]);
    await screen.findByText("w11");
    const click = (index: number, held: MouseEventInit = {}): void => {
      token(index).focus();
      fireEvent.click(token(index), held);
    };
    click(15);
    click(11, { shiftKey: true });
    await waitFor(() => expect(page.address()).toBe("/trajectories/t-0?tab=tokens&tokens=11-15"));
    fireEvent.keyDown(token(11), { key: "ArrowRight" });
    click(14, { shiftKey: true });
    await waitFor(() => expect(page.address()).toBe("/trajectories/t-0?tab=tokens&tokens=12-14"));
  });

  it("show blanks without changing what is copied", async () => {
    await open("?tab=tokens", [trajectoryView()]);
    await screen.findByText("w11");
    expect([token(4).dataset["sign"], token(4).textContent]).toEqual(["⏎", "\n"]);
  });

  it("open at the span that the address names", async () => {
    const scrolled = vi.spyOn(Element.prototype, "scrollIntoView");
    await open("?tokens=21-22", [trajectoryView()]);
    await waitFor(() => expect(scrolled.mock.contexts).toEqual([token(21)]));
    expect([token(20), token(21), token(22), token(23)].map(({ dataset }) => dataset["marked"])).toEqual([
      undefined,
      "true",
      "true",
      undefined,
    ]);
  });

  it("say what kept them from being loaded", async () => {
    await open("?tab=tokens", [trajectoryView()], null);
    expect((await screen.findByRole("alert")).textContent).toContain("There is no such trajectory");
    expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
  });

  it("are ids where their texts are not to be had, and it says why", async () => {
    const tokens = { total: 25, hasText: false, hasLogProbs: true, hasAdvantages: false, hasTrainerLogProbs: false };
    await open("?tab=tokens", [trajectoryView({ tokens, advantage: null })], tokenPage({ texts: null }));
    expect(await screen.findByText("1011")).toBeTruthy();
    expect(screen.getByText(/the vocabulary of the model aaaaaaaa is not to be had/)).toBeTruthy();
    expect(screen.getByText(/no update has learned/)).toBeTruthy();
  });
});

it("names its browser tab by the question, shortened", async () => {
  await open("", [trajectoryView({ question: `Which cytokine ${"very ".repeat(40)}early?` })]);
  await heading("Turn 1");
  expect(document.title).toMatch(/^Which cytokine very .{60,70}… · Litmus$/);
});

it("says that a trajectory is not there, and what to do", async () => {
  await open("", []);
  expect((await screen.findByRole("alert")).textContent).toContain("There is no such trajectory");
});
