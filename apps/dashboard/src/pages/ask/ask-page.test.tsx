// @vitest-environment happy-dom
import type { AskEvent, AskOptions } from "@litmus/api";
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { renderPage } from "../../testing/render-page.tsx";
import type { RenderedPage } from "../../testing/render-page.tsx";
import { turnView } from "../../testing/trajectory-views.ts";
import { AskPage } from "./ask-page.tsx";
import { askView } from "./search.ts";

afterEach(cleanup);

const options: AskOptions = {
  policies: [
    { id: "run-1:3", label: "quickstart, version 3", runId: "run-1", version: 3, exactMatch: 0.5 },
    { id: "base", label: "the base", runId: null, version: 0, exactMatch: null },
  ],
  reason: null,
  notice: "For research only.",
};

/** A server whose answer is told event by event. */
class AskServer {
  options: AskOptions = options;
  mayWrite = true;
  readonly asked: unknown[] = [];
  signal: AbortSignal | null = null;
  refusal: Response | null = null;
  private controller: ReadableStreamDefaultController<Uint8Array> | null = null;

  readonly serve = ({ pathname }: URL, init: RequestInit): Response => {
    if (pathname === "/api/session")
      return Response.json({ version: "1", needsToken: false, mayWrite: this.mayWrite, canAsk: true, notice: "" });
    if (init.method !== "POST") return Response.json(this.options);
    if (this.refusal !== null) return this.refusal;
    this.asked.push(typeof init.body === "string" ? JSON.parse(init.body) : init.body);
    this.signal = init.signal ?? null;
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (this.controller = controller) });
    this.signal?.addEventListener("abort", () => this.controller?.error(this.signal?.reason));
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };

  tell(event: AskEvent): void {
    this.send(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  send(text: string): void {
    this.controller?.enqueue(new TextEncoder().encode(text));
  }

  end(): void {
    this.controller?.close();
  }
}

const open = (server: AskServer, search = ""): Promise<RenderedPage> =>
  renderPage({ path: "/ask", address: `/ask${search}`, view: askView, page: AskPage, serve: server.serve });

async function ask(question: string): Promise<void> {
  fireEvent.change(await screen.findByLabelText("Question"), { target: { value: question } });
  fireEvent.click(screen.getByRole("button", { name: "Ask" }));
}

const end: AskEvent = {
  type: "episode-end",
  answer: "IL-6",
  citations: [
    { recordId: "12345", title: "Sepsis", kind: "cited", url: "https://pubmed.ncbi.nlm.nih.gov/12345/", year: 2019 },
  ],
  ending: { type: "stopped", reason: "completed" },
  trajectoryId: "t-9",
  usage: { prefilledTokens: 400, cachedTokens: 0, sampledTokens: 40, searches: 1 },
  durationMs: 900,
};

describe("asking", () => {
  it("shows each turn as it comes, then the answer with what it cites", async () => {
    const server = new AskServer();
    const page = await open(server);
    await ask("  Which cytokine? ");
    await waitFor(() => expect(server.asked).toEqual([{ question: "Which cytokine?", policy: "run-1:3" }]));
    server.tell({ type: "policy-load", label: "quickstart" });
    expect(await screen.findByText(/Loading quickstart/)).toBeTruthy();
    server.tell({ type: "turn-start", turn: 0 });
    server.tell({ type: "search-start", turn: 0, query: "cytokine sepsis" });
    expect((await screen.findByText(/Searching for/)).textContent).toContain("cytokine sepsis");
    server.tell({ type: "turn-end", turn: turnView() });
    expect(await screen.findByRole("article", { name: "Turn 1" })).toBeTruthy();
    expect(screen.queryByText(/Searching for/)).toBeNull();
    server.tell(end);
    server.end();
    const answer = within(await screen.findByRole("region", { name: "Answer" }));
    expect(answer.getByText("IL-6")).toBeTruthy();
    expect(answer.getByRole("link", { name: /PMID 12345/ })).toBeTruthy();
    expect(answer.getByRole("link", { name: "Open the trajectory" }).getAttribute("href")).toBe("/trajectories/t-9");
    expect(screen.queryByRole("alert")).toBeNull();
    expect(page.address()).toBe("/ask?question=Which+cytokine%3F&policy=run-1%3A3");
  });

  it("understands events however they are cut", async () => {
    const server = new AskServer();
    await open(server);
    await ask("q");
    await waitFor(() => expect(server.asked).toHaveLength(1));
    for (const piece of `: hello\r\nevent: episode-end\r\ndata: ${JSON.stringify({ ...end, answer: "β-é" })}\r\n\r\n`.match(
      /[^]{1,7}/gu,
    ) ?? [])
      server.send(piece);
    server.end();
    expect(await screen.findByText("β-é")).toBeTruthy();
  });

  it("is stopped by its button, and what was seen stays", async () => {
    const server = new AskServer();
    await open(server, "?question=q&policy=base");
    fireEvent.click(await screen.findByRole("button", { name: "Ask" }));
    await waitFor(() => expect(server.asked).toEqual([{ question: "q", policy: "base" }]));
    server.tell({ type: "turn-end", turn: turnView() });
    await screen.findByRole("article", { name: "Turn 1" });
    fireEvent.click(screen.getByRole("button", { name: "Stop" }));
    expect(await screen.findByText("Stopped. Nothing more is sampled.")).toBeTruthy();
    expect(server.signal?.aborted).toBe(true);
    expect(screen.getByRole("article", { name: "Turn 1" })).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("says what the server refused, and what broke off", async () => {
    const server = new AskServer();
    server.refusal = Response.json(
      { type: "error", code: "unavailable", message: "another question is being answered", hint: "wait for it" },
      { status: 503 },
    );
    await open(server);
    await ask("q");
    expect((await screen.findByRole("alert")).textContent).toMatch(/nother question is being answered.*wait for it/is);
    server.refusal = null;
    await ask("q");
    await waitFor(() => expect(server.asked).toHaveLength(1));
    server.tell({ type: "turn-start", turn: 0 });
    server.end();
    expect((await screen.findByText(/broke off before the answer/)).textContent).toBeTruthy();
  });

  it("says where the episode will stand until there is one", async () => {
    const server = new AskServer();
    await open(server);
    expect(await screen.findByText("The episode appears here")).toBeTruthy();
    await ask("q");
    expect(await screen.findByRole("region", { name: "The episode" })).toBeTruthy();
    expect(screen.queryByText("The episode appears here")).toBeNull();
  });

  it("always shows that it is for research only", async () => {
    const server = new AskServer();
    await open(server);
    expect(await screen.findByText("For research only.")).toBeTruthy();
  });

  it("explains a missing token, and why nothing can be asked", async () => {
    const server = new AskServer();
    server.mayWrite = false;
    await open(server);
    expect(await screen.findByText(/Open the page by the address that litmus printed/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Ask" })).toBeNull();
    expect(screen.queryByText("The episode appears here")).toBeNull();
    cleanup();
    const empty = new AskServer();
    empty.options = { ...options, policies: [], reason: "the run's model was deleted" };
    await open(empty);
    expect(await screen.findByText("the run's model was deleted")).toBeTruthy();
  });
});
