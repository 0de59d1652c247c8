// @vitest-environment happy-dom
import { createApiClient } from "@litmus/api";
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { ApiProvider } from "../api/api-provider.tsx";
import { createQueryClient } from "../api/query-client.ts";
import { series } from "../testing/run-views.ts";
import { useSeries } from "./use-series.ts";
import type { SeriesChoice, SeriesState } from "./use-series.ts";

afterEach(cleanup);

const choice: SeriesChoice = { sources: ["run-1"], runIds: ["run-1"], metrics: ["reward"], x: "step", zoom: null };

/** @param isDownsampled of the whole; what is asked for by its range has every point */
function play(isDownsampled: boolean) {
  const asked: string[] = [];
  const client = createApiClient({
    baseUrl: "http://127.0.0.1:1",
    token: () => null,
    fetch: async (url) => {
      const { searchParams } = new URL(url instanceof Request ? url.url : url);
      asked.push(`${searchParams.get("x")} ${searchParams.get("from")} ${searchParams.get("to")}`);
      const isRange = searchParams.has("from");
      const one = series({ isDownsampled: isDownsampled && !isRange, x: isRange ? [4, 5, 6, 7] : [1, 5, 9] });
      return Response.json({ x: searchParams.get("x"), series: [one] });
    },
  });
  const queries = createQueryClient();
  const wrapper = ({ children }: { readonly children: ReactNode }): ReactNode => (
    <QueryClientProvider client={queries}>
      <ApiProvider client={client}>{children}</ApiProvider>
    </QueryClientProvider>
  );
  const rendered = renderHook((given: SeriesChoice) => useSeries(given), { wrapper, initialProps: choice });
  const shown = (): SeriesState => rendered.result.current;
  return { asked, shown, show: (given: Partial<SeriesChoice>) => rendered.rerender({ ...choice, ...given }) };
}

describe("useSeries", () => {
  it("keeps the whole where every point of it is there, however near one looks", async () => {
    const { asked, shown, show } = play(false);
    await waitFor(() => expect(shown().series[0]?.x).toEqual([1, 5, 9]));
    show({ zoom: { from: 4, to: 8 } });
    expect(shown().series[0]?.x).toEqual([1, 5, 9]);
    expect(asked).toEqual(["step null null"]);
  });

  it("fetches a range of a down-sampled curve in more detail, with what lies beside it, and the whole further off", async () => {
    const { asked, shown, show } = play(true);
    await waitFor(() => expect(shown().series).toHaveLength(1));
    show({ zoom: { from: 4, to: 8 } });
    await waitFor(() => expect(shown().series[0]?.x).toEqual([1, 4, 5, 6, 7, 9]));
    expect(asked).toEqual(["step null null", "step 2 10"]);
    show({ zoom: null });
    expect(shown().series[0]?.x).toEqual([1, 5, 9]);
  });

  it("leaves the unit of smoothing as it was when it fetches more detail", async () => {
    const { shown, show } = play(true);
    show({ x: "time" });
    await waitFor(() => expect(shown().series).toHaveLength(1));
    const { unit } = shown().series[0] ?? {};
    show({ x: "time", zoom: { from: 4, to: 8 } });
    await waitFor(() => expect(shown().series[0]?.x).toEqual([1, 4, 5, 6, 7, 9]));
    expect([unit, shown().series[0]?.unit]).toEqual([4, 4]);
  });

  it("says of which axis its curves are while those of another are on their way", async () => {
    const { shown, show } = play(false);
    await waitFor(() => expect(shown().series).toHaveLength(1));
    show({ x: "time" });
    expect([shown().x, shown().series.length]).toEqual(["step", 1]);
    await waitFor(() => expect(shown().x).toBe("time"));
  });
});
