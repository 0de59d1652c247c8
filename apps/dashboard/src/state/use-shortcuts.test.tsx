// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { useShortcuts } from "./use-shortcuts.ts";

afterEach(cleanup);

const handlers = { j: vi.fn(), "]": vi.fn() };

function Page({ children }: { readonly children?: ReactNode }): ReactNode {
  useShortcuts(handlers);
  return children;
}

/** How often a key pressed in an element, or on the page, had its handler called. */
function calls(key: keyof typeof handlers, element: HTMLElement = document.body, held: KeyboardEventInit = {}): number {
  handlers[key].mockClear();
  fireEvent.keyDown(element, { key, ...held });
  return handlers[key].mock.calls.length;
}

describe("useShortcuts", () => {
  it("leaves their keys to fields for words and to lists alone", () => {
    render(
      <Page>
        <input aria-label="words" />
        <input aria-label="number" type="number" />
        <textarea aria-label="lines" />
        <select aria-label="list" />
        <input aria-label="box" type="checkbox" />
        <input aria-label="one of some" type="radio" />
        <input aria-label="amount" type="range" />
      </Page>,
    );
    const callsIn = (label: string): number => calls("j", screen.getByLabelText(label));
    expect(["words", "number", "lines", "list"].map(callsIn)).toEqual([0, 0, 0, 0]);
    expect(["box", "one of some", "amount"].map(callsIn)).toEqual([1, 1, 1]);
  });

  it("does nothing behind a dialog or a menu", () => {
    render(
      <Page>
        <div role="dialog">
          <button type="button">Close</button>
        </div>
        <div role="menu">
          <button type="button">Pin</button>
        </div>
      </Page>,
    );
    expect(calls("]", screen.getByText("Close"))).toBe(0);
    expect(calls("j", screen.getByText("Pin"))).toBe(0);
  });

  it("takes a sign however the keyboard makes it, and leaves the browser its commands", () => {
    render(<Page />);
    const body = document.body;
    expect(calls("]", body, { altKey: true })).toBe(1);
    expect(calls("]", body, { altKey: true, ctrlKey: true })).toBe(1);
    expect(calls("]", body, { ctrlKey: true })).toBe(0);
    expect(calls("]", body, { metaKey: true })).toBe(0);
    expect(calls("j", body, { altKey: true })).toBe(0);
  });
});
