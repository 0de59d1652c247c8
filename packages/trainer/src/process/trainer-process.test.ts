import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRng, policyVersion } from "@litmus/core";
import type { Datum, SavedState, Trainer } from "@litmus/core";
import { writeTinyGemma3 } from "@litmus/models";
import { describeTrainer } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loraTargets } from "../block/lora-targets.ts";
import { createLocalTrainer } from "../local-trainer.ts";
import type { LocalTrainerOptions } from "../local-trainer.ts";
import { createTrainerProcess } from "./trainer-process.ts";
import type { LocalTrainerProcess } from "./trainer-process.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "litmus-process-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function options(seed = 1): Promise<LocalTrainerOptions> {
  const { path, sha256 } = await writeTinyGemma3(join(directory, `tiny-${seed}.gguf`), { seed });
  return {
    modelPath: path,
    baseSha256: sha256,
    lora: { rank: 2, alpha: 4, targets: loraTargets, seed: 1 },
    threads: 1,
    lengths: [32],
  };
}

describeTrainer("process", {
  open: async () => createTrainerProcess(await options()),
  openOtherBase: async () => createTrainerProcess(await options(2)),
});

const datum = {
  id: "a",
  tokens: [2, 50, 51],
  positions: [1, 2],
  weights: [1, 1],
  advantages: [1, 1],
  behaviourLogProbs: null,
  oldLogProbs: null,
  referenceLogProbs: null,
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** A group of one prompt, with log-probabilities as a sampler gives them. */
function groupOf(step: number): Datum[] {
  const rng = createRng(`group ${step}`);
  const prompt = Array.from({ length: 6 }, () => rng.integer(128));
  return [1, -0.5, -0.5].map((advantage, member) => ({
    id: `${step}/${member}`,
    tokens: [...prompt, ...Array.from({ length: 5 }, () => rng.integer(128))],
    positions: [6, 7, 8, 9, 10],
    weights: [0.2, 0.2, 0.2, 0.2, 0.2],
    advantages: Array.from({ length: 5 }, () => advantage),
    behaviourLogProbs: Array.from({ length: 5 }, () => -3 - rng.uniform()),
    oldLogProbs: null,
    referenceLogProbs: null,
  }));
}

async function learn(trainer: Trainer, data: readonly Datum[]): Promise<void> {
  const terms = { kl: null, entropyBonus: 0.01 };
  await trainer.forwardBackward(data, {
    type: "ppo",
    clipLow: 0.2,
    clipHigh: 0.2,
    dualClip: null,
    truncation: 2,
    ...terms,
  });
  const optimizer = {
    learningRate: 1e-3,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0.01,
    maxGradientNorm: 1,
  };
  expect((await trainer.optimizerStep(optimizer)).applied).toBe(true);
}

async function resumed(saved: SavedState | null): Promise<LocalTrainerProcess> {
  const trainer = await createTrainerProcess(await options());
  if (saved !== null) await trainer.load(saved);
  return trainer;
}

describe("trainer process", () => {
  it("computes what the trainer within this process computes, to the bit", async () => {
    const [apart, within] = [await createTrainerProcess(await options()), await createLocalTrainer(await options())];
    expect(apart.pid).not.toBe(process.pid);
    expect(await apart.forwardBackward([datum], { type: "cross_entropy" })).toEqual(
      await within.forwardBackward([datum], { type: "cross_entropy" }),
    );
    await apart.close();
    await within.close();
    expect(isAlive(apart.pid)).toBe(false);
  });

  it("rejects what is under way and what comes after when the process is killed, as retryable, naming the signal", async () => {
    const trainer = await createTrainerProcess(await options());
    process.kill(trainer.pid, "SIGSTOP");
    const pending = trainer.forward([datum]);
    process.kill(trainer.pid, "SIGKILL");
    const death = { code: "unavailable", retryable: true, message: /SIGKILL/ };
    await expect(pending).rejects.toMatchObject(death);
    await expect(trainer.forward([datum])).rejects.toMatchObject(death);
    await trainer.close();
  });

  it("ends with the same bits when it is killed after every update and goes on from the last saved state", async () => {
    const steps = Array.from({ length: 3 }, (_, step) => groupOf(step));
    const unbroken = await createTrainerProcess(await options());
    let whole: SavedState | null = null;
    for (const [step, data] of steps.entries()) {
      await learn(unbroken, data);
      whole = await unbroken.save({ directory, version: policyVersion(step + 1), parentSha256: null });
    }
    await unbroken.close();
    const pieces = await mkdtemp(join(directory, "pieces-"));
    let saved: SavedState | null = null;
    for (const [step, data] of steps.entries()) {
      const killed = await resumed(saved);
      await learn(killed, data);
      process.kill(killed.pid, "SIGKILL");
      await killed.close();
      const again = await resumed(saved);
      await learn(again, data);
      saved = await again.save({ directory: pieces, version: policyVersion(step + 1), parentSha256: null });
      await again.close();
    }
    expect([saved!.adapterSha256, saved!.optimizerSha256]).toEqual([whole!.adapterSha256, whole!.optimizerSha256]);
    expect(saved!.updates).toBe(3);
  });

  it("says why it did not open, and leaves no process behind", async () => {
    await expect(
      createTrainerProcess({ ...(await options()), modelPath: join(directory, "nowhere.gguf") }),
    ).rejects.toMatchObject({
      code: "not-found",
    });
  });

  it("ends with the process that started it, even when that is killed", async () => {
    const script = join(directory, "parent.ts");
    const source = new URL("./trainer-process.ts", import.meta.url).href;
    await writeFile(
      script,
      `import { createTrainerProcess } from ${JSON.stringify(source)};
       const trainer = await createTrainerProcess(${JSON.stringify(await options())});
       process.stdout.write(String(trainer.pid));
       setInterval(() => {}, 1000);`,
    );
    const parent = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    const [output] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(output.toString());
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });
});
