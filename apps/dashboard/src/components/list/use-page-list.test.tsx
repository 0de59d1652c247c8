// @vitest-environment happy-dom
import { act, cleanup, render } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { usePageList } from "./use-page-list.ts";

/** Cards of 200 px that are 900 px high where the page is narrow: there is no layout here. */
const page = { width: 1000 };
const cardPx = (): number => (page.width > 700 ? 200 : 900);
const gapPx = 16;
const estimatePx = 460;

/** Tells of all boxes that changed at once, as a browser does after its layout. */
class FakeResizeObserver implements ResizeObserver {
  static readonly all = new Set<FakeResizeObserver>();
  readonly #seen = new Map<Element, string>();
  readonly #tell: ResizeObserverCallback;

  constructor(tell: ResizeObserverCallback) {
    this.#tell = tell;
    FakeResizeObserver.all.add(this);
  }
  observe(element: Element): void {
    if (!this.#seen.has(element)) this.#seen.set(element, "");
  }
  unobserve(element: Element): void {
    this.#seen.delete(element);
  }
  disconnect(): void {
    this.#seen.clear();
  }
  /** Call of it, if a box has changed. */
  next(): (() => void) | null {
    const entries = [...this.#seen.keys()].flatMap((target) => {
      const [inlineSize, blockSize] = [page.width, target === document.body ? frameHeight() : cardPx()];
      if (this.#seen.get(target) === `${inlineSize} ${blockSize}`) return [];
      this.#seen.set(target, `${inlineSize} ${blockSize}`);
      return [{ target, borderBoxSize: [{ inlineSize, blockSize }] } as unknown as ResizeObserverEntry];
    });
    return entries.length === 0 ? null : () => this.#tell(entries, this);
  }
}

const frameHeight = (): number => Number.parseFloat(document.querySelector<HTMLElement>("#frame")?.style.height ?? "0");

beforeEach(() => {
  page.width = 1000;
  vi.stubGlobal("ResizeObserver", FakeResizeObserver);
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockImplementation(cardPx);
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockImplementation(
    () => new DOMRect(0, 100, page.width, cardPx()),
  );
});
afterEach(() => {
  cleanup();
  FakeResizeObserver.all.clear();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const settle = (): void => {
  for (;;) {
    const calls = [...FakeResizeObserver.all].flatMap((observer) => observer.next() ?? []);
    if (calls.length === 0) return;
    act(() => calls.forEach((call) => call()));
  }
};

const keyOf = String;

function List(): ReactNode {
  const { frame, frameStyle, items, styleOf, measure } = usePageList({
    count: 6,
    estimatePx: () => estimatePx,
    keyOf,
    gapPx,
  });
  return (
    <div ref={frame} id="frame" style={frameStyle}>
      {items.map((item) => (
        <div key={item.key} ref={measure} data-index={item.index} style={styleOf(item)} />
      ))}
    </div>
  );
}

const places = (): number[] =>
  [...document.querySelectorAll<HTMLElement>("[data-index]")].map(({ style }) =>
    Number(/-?\d+/.exec(style.transform)?.[0]),
  );
const stacked = (): number[] => places().map((_, index) => index * (cardPx() + gapPx));

it("stacks its items by the heights that they have, also when they have others on a page of another width", () => {
  render(<List />);
  settle();
  expect(places().length).toBeGreaterThan(2);
  expect(places()).toEqual(stacked());
  page.width = 600;
  settle();
  expect(places()).toEqual(stacked());
  page.width = 601;
  settle();
  expect(places()).toEqual(stacked());
});
