import { describe, expect, it } from "vitest";
import { runsView } from "../search.ts";
import { readViews, withView, writeViews } from "./stored-views.ts";

function memory(text: string | null = null) {
  let kept = text;
  return { getItem: () => kept, setItem: (_key: string, value: string) => void (kept = value) };
}
const view = (search: string) => ({ ...runsView.defaults, search });

describe("saved views", () => {
  it("are read as they were written, by name, without what was chosen", () => {
    const storage = memory();
    const saved = withView(withView([], { name: "b", view: { ...view("x"), chosen: ["run-1"], offset: 50 } }), {
      name: "a",
      view: view("y"),
    });
    writeViews(storage, saved);
    expect(readViews(storage)).toEqual([
      { name: "a", view: view("y") },
      { name: "b", view: view("x") },
    ]);
  });

  it("take the place of one of the same name", () => {
    const [only, ...others] = withView([{ name: "a", view: view("old") }], { name: "a", view: view("new") });
    expect([only?.view.search, others]).toEqual(["new", []]);
  });

  it.each([null, "", "{", "3", '[{"name":1}]'])("are none where the storage holds %j", (text) => {
    expect(readViews(memory(text))).toEqual([]);
  });

  it("of another version fall back to what is known", () => {
    expect(readViews(memory('[{"name":"a","view":{"search":"x","sort":3}}]'))).toEqual([
      { name: "a", view: view("x") },
    ]);
  });
});
