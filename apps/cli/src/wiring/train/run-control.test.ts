import { describe, expect, it } from "vitest";
import { createRunControl, type RunState } from "./run-control.ts";

function control() {
  const outer = new AbortController();
  const told: RunState[] = [];
  return { outer, told, run: createRunControl({ signal: outer.signal, onChange: (state) => told.push(state) }) };
}

/** Work that is begun, and ends when it is told to. */
function begin(run: ReturnType<typeof control>["run"]) {
  const ending = Promise.withResolvers<void>();
  let isBegun = false;
  const ended = run.unlessPaused(() => {
    isBegun = true;
    return ending.promise;
  });
  return { ended, end: ending.resolve, isBegun: () => isBegun };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the control of a run", () => {
  it("pauses when what is under way has ended, begins nothing meanwhile, and resumes", async () => {
    const { run, told } = control();
    const first = begin(run);
    run.act("pause");
    expect(run.state).toBe("pausing");
    const second = begin(run);
    first.end();
    await first.ended;
    await settle();
    expect([run.state, second.isBegun()]).toEqual(["paused", false]);
    run.act("resume");
    await settle();
    expect([run.state, second.isBegun()]).toEqual(["running", true]);
    second.end();
    await second.ended;
    expect(told).toEqual(["pausing", "paused", "running"]);
  });

  it.each(["stop", "Ctrl-C"])("%s ends a pause, and nothing pauses or resumes the run after it", async (way) => {
    const { run, outer, told } = control();
    run.act("pause");
    const waiting = begin(run);
    if (way === "stop") run.act("stop");
    else outer.abort();
    await settle();
    expect([run.state, run.signal.aborted, waiting.isBegun()]).toEqual(["stopping", true, true]);
    run.act("pause");
    run.act("resume");
    waiting.end();
    await waiting.ended;
    expect(told).toEqual(["paused", "stopping"]);
  });

  it("passes on what the work throws, and counts it as ended", async () => {
    const { run } = control();
    const failing = run.unlessPaused(() => Promise.reject(new Error("broken")));
    run.act("pause");
    await expect(failing).rejects.toThrow("broken");
    expect(run.state).toBe("paused");
  });
});
