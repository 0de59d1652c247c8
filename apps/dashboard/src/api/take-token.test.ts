import { describe, expect, it } from "vitest";
import { takeToken } from "./take-token.ts";
import type { TokenPlace } from "./take-token.ts";

function place(address: string, stored: Record<string, string> = {}) {
  const kept = new Map(Object.entries(stored));
  const shown: string[] = [];
  const { hash, pathname, search } = new URL(address, "http://127.0.0.1:7357");
  const window: TokenPlace = {
    location: { hash, pathname, search },
    history: { state: { key: "x" }, replaceState: (_state, _unused, url) => shown.push(String(url)) },
    sessionStorage: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
    },
  };
  return { window, shown, kept };
}

describe("takeToken", () => {
  it("keeps the token for the tab and takes it out of the address", () => {
    const { window, shown, kept } = place("/runs?search=a#token=s3cret");
    expect(takeToken(window)).toBe("s3cret");
    expect([...kept.values()]).toEqual(["s3cret"]);
    expect(shown).toEqual(["/runs?search=a"]);
  });

  it("leaves the rest of the fragment", () => {
    const { window, shown } = place("/trajectories/a#token=s3cret&turn=3");
    takeToken(window);
    expect(shown).toEqual(["/trajectories/a#turn=3"]);
  });

  it("remembers the token when the tab is loaded again", () => {
    const first = place("/#token=s3cret");
    takeToken(first.window);
    const again = place("/runs", Object.fromEntries(first.kept));
    expect(takeToken(again.window)).toBe("s3cret");
    expect(again.shown).toEqual([]);
  });

  it("takes a newer token over an older one", () => {
    const { window } = place("/#token=newer", { "litmus-token": "older" });
    expect(takeToken(window)).toBe("newer");
  });

  it("knows none where none was given, and changes no other fragment", () => {
    const { window, shown } = place("/trajectories/a#turn-3");
    expect(takeToken(window)).toBeNull();
    expect(shown).toEqual([]);
  });
});
