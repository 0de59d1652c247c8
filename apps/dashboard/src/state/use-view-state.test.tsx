// @vitest-environment happy-dom
import { act, cleanup, render, screen } from "@testing-library/react";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
  stripSearchParams,
} from "@tanstack/react-router";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { useViewState } from "./use-view-state.ts";
import { viewSchema } from "./view-schema.ts";

afterEach(cleanup);

const schema = viewSchema({ search: z.string().catch(""), offset: z.int().min(0).catch(0) });

function Probe(): ReactNode {
  const [view, setView] = useViewState(schema);
  return (
    <>
      <output>{JSON.stringify(view)}</output>
      <button type="button" onClick={() => setView({ search: "a&b" })}>
        type
      </button>
      <button type="button" onClick={() => setView({ offset: 50 }, "push")}>
        next page
      </button>
      <button type="button" onClick={() => setView({ offset: 0 })}>
        first page
      </button>
    </>
  );
}

async function open(address: string) {
  const root = createRootRoute();
  const page = createRoute({
    getParentRoute: () => root,
    path: "/runs",
    validateSearch: (search: Record<string, unknown>) => schema.parse(search),
    search: { middlewares: [stripSearchParams(schema.defaults)] },
    component: Probe,
  });
  const history = createMemoryHistory({ initialEntries: [address] });
  const router = createRouter({ routeTree: root.addChildren([page]), history });
  await act(async () => {
    render(<RouterProvider router={router as never} />);
    await router.load();
  });
  const press = (name: string): Promise<void> => act(async () => screen.getByText(name).click());
  return { history, press, view: () => JSON.parse(screen.getByRole("status").textContent ?? "") as unknown };
}

describe("useViewState", () => {
  it("reads the address, with defaults for what is malformed", async () => {
    const page = await open("/runs?search=aspirin&offset=-3&other=1");
    expect(page.view()).toEqual({ search: "aspirin", offset: 0 });
  });

  it("changes fields in place or as a new entry, and keeps defaults out of the address", async () => {
    const page = await open("/runs");
    await page.press("type");
    expect([page.view(), page.history.length]).toEqual([{ search: "a&b", offset: 0 }, 1]);
    await page.press("next page");
    expect([page.view(), page.history.length]).toEqual([{ search: "a&b", offset: 50 }, 2]);
    expect(page.history.location.search).toBe("?search=a%26b&offset=50");
    await page.press("first page");
    expect(page.history.location.search).toBe("?search=a%26b");
  });
});
