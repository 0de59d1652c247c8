import { runId, type TrajectoryId } from "@litmus/core";
import { buildStoredTrajectory } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { createOpenedTrajectories } from "./opened-trajectories.ts";

const run = runId("run-1");

/** A store in which every trajectory is of one run, but for `absent`, that counts its reads. */
function openScene() {
  let revision = 1;
  const read: TrajectoryId[] = [];
  const store = {
    trajectory: async (id: TrajectoryId) => {
      read.push(id);
      return id === "absent" ? null : { ...buildStoredTrajectory({ key: { runId: run } }), id };
    },
    trained: async () => null,
  };
  const watch = { refresh: async () => undefined, revision: () => revision };
  const open = createOpenedTrajectories(store, watch);
  return { read, open: (id: string) => open(id as TrajectoryId), change: () => (revision += 1) };
}

describe("createOpenedTrajectories", () => {
  it("reads a trajectory once, and again after its run has changed", async () => {
    const { read, open, change } = openScene();
    expect((await open("a"))?.stored.id).toBe("a");
    await open("a");
    expect(read).toEqual(["a"]);
    change();
    await open("a");
    expect(read).toEqual(["a", "a"]);
  });

  it("looks for one that there was not each time", async () => {
    const { read, open } = openScene();
    expect(await open("absent")).toBeNull();
    await open("absent");
    expect(read).toEqual(["absent", "absent"]);
  });

  it("keeps eight, those that were opened last", async () => {
    const { read, open } = openScene();
    for (const id of "abcdefgh") await open(id);
    await open("a");
    await open("i");
    read.length = 0;
    await open("a");
    await open("b");
    expect(read).toEqual(["b"]);
  });
});
