import { describe, expect, it } from "vitest";
import { createAnswerMemory } from "./answer-memory.ts";

function opened(limit: number) {
  const memory = createAnswerMemory(limit);
  const made: string[] = [];
  const get = (tag: string, length: number): Promise<string> =>
    memory.get(tag, async () => {
      made.push(tag);
      return tag.repeat(length);
    });
  return { memory, made, get };
}

describe("createAnswerMemory", () => {
  it("makes an answer once, and the oldest again when there was no room for it", async () => {
    const { made, get } = opened(10);
    expect(await get("a", 5)).toBe("aaaaa");
    await get("b", 5);
    await get("a", 5);
    await get("c", 5);
    await get("a", 5);
    expect(made).toEqual(["a", "b", "c"]);
    await get("b", 5);
    expect(made).toEqual(["a", "b", "c", "b"]);
  });

  it("keeps nothing that is longer than all its room", async () => {
    const { made, get } = opened(10);
    await get("a", 11);
    await get("a", 11);
    await get("b", 10);
    await get("b", 10);
    expect(made).toEqual(["a", "a", "b"]);
  });

  it("makes again what could not be made", async () => {
    const { memory } = opened(10);
    await expect(memory.get("a", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
    expect(await memory.get("a", async () => "text")).toBe("text");
  });
});
