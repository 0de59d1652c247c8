// @vitest-environment happy-dom
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useSettled } from "./use-settled.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const pass = (ms: number): void =>
  act(() => {
    vi.advanceTimersByTime(ms);
  });

it("follows a value only once it stands still", () => {
  const { result, rerender } = renderHook(({ value }) => useSettled(value, 100), { initialProps: { value: "a" } });
  expect(result.current).toBe("a");
  for (const value of ["b", "c", "d"]) {
    rerender({ value });
    pass(60);
    expect(result.current).toBe("a");
  }
  pass(60);
  expect(result.current).toBe("d");
  rerender({ value: "e" });
  rerender({ value: "d" });
  pass(200);
  expect(result.current).toBe("d");
});
