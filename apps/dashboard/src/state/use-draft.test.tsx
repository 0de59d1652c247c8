// @vitest-environment happy-dom
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useDraft } from "./use-draft.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const rest = (ms: number): void =>
  act(() => {
    vi.advanceTimersByTime(ms);
  });

describe("useDraft", () => {
  it("hands on the last value, once, when it rests", () => {
    const commit = vi.fn();
    const { result } = renderHook(() => useDraft<string>("", commit, 200));
    act(() => result.current[1]("a"));
    rest(150);
    act(() => result.current[1]("ab"));
    expect(result.current[0]).toBe("ab");
    rest(199);
    expect(commit).not.toHaveBeenCalled();
    rest(1000);
    expect(commit.mock.calls).toEqual([["ab"]]);
  });

  it("follows a value from outside, and is not set back by its own", () => {
    const { result, rerender } = renderHook(({ value }) => useDraft(value, () => undefined, 200), {
      initialProps: { value: "a" },
    });
    rerender({ value: "from the address" });
    expect(result.current[0]).toBe("from the address");
    act(() => result.current[1]("x"));
    rest(200);
    act(() => result.current[1]("xy"));
    rerender({ value: "x" });
    expect(result.current[0]).toBe("xy");
  });
});
