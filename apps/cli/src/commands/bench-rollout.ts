import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "@litmus/algorithms";
import { LitmusError, policyVersion, type AdapterReference } from "@litmus/core";
import { loadConfig, type ExperimentConfig } from "@litmus/experiment";
import { createLlamaCppPolicy } from "@litmus/policy";
import { createTrainerProcess } from "@litmus/trainer";
import { buildLlamaBench, runLlamaBench, shape, type RolloutSpeed } from "../bench/llama-bench.ts";
import { measureRollout } from "../bench/our-rollout.ts";
import { runRaggedBatch, type RaggedBatch } from "../bench/ragged-batch.ts";
import { createReporter } from "../output/create-reporter.ts";
import type { Reporter } from "../output/reporter.ts";
import { directoryOf, openModel, type OpenedModel } from "../wiring/open-model.ts";
import { openKernels } from "../wiring/open-kernels.ts";
import { openParts } from "../wiring/open-parts.ts";

interface BenchRolloutOptions {
  readonly json: boolean;
  readonly config: string;
  readonly threads: number;
}

const rounds = 3;
const slots = Math.max(...shape.sequences);
/** Eight waves of the 64 uneven episodes: at the end of the last, slots have nothing left to do. */
const raggedSlots = 8;

/**
 * `litmus bench rollout`: the sampler beside llama.cpp's own benchmark, which does not sample, both with half-precision
 * weights; then a batch of episodes of uneven length.
 */
export async function benchRollout(options: BenchRolloutOptions): Promise<void> {
  const reporter = createReporter(options.json);
  const { config } = await loadConfig(options.config, [`policy.slots=${slots}`, `policy.threads=${options.threads}`]);
  const opening = { configDirectory: directoryOf(options.config), reporter };
  const model = await openModel({ ...config.model, weights: "f16" }, opening);
  const peer = await buildLlamaBench((text) => reporter.note(text));
  const folder = await mkdtemp(join(tmpdir(), "litmus-bench-"));
  try {
    const adapter = await freshAdapter(config, model, folder);
    const measured = await inTurn({ model, peer, adapter, threads: options.threads, reporter });
    const uneven = { ...config, policy: { ...config.policy, slots: raggedSlots } };
    report(reporter, { ...measured, ragged: await raggedBatch(uneven, opening) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function raggedBatch(config: ExperimentConfig, opening: Parameters<typeof openParts>[1]): Promise<RaggedBatch> {
  const parts = await openParts(config, opening);
  try {
    return await runRaggedBatch(config, parts);
  } finally {
    await parts.close();
  }
}

/** An adapter as training begins with: its products are computed, whatever its values are. */
async function freshAdapter(config: ExperimentConfig, model: OpenedModel, folder: string): Promise<AdapterReference> {
  if (config.trainer.engine !== "local")
    throw new LitmusError("invalid-config", "the adapter is made by the local trainer", { path: "trainer.engine" });
  const trainer = await createTrainerProcess({
    modelPath: model.path,
    baseSha256: model.publishedSha256,
    lora: { ...config.trainer.lora, seed: config.seed },
    threads: config.trainer.threads,
    lengths: [64],
  });
  try {
    const version = policyVersion(1);
    const { adapterPath, adapterSha256 } = await trainer.save({ directory: folder, version, parentSha256: null });
    return { version, path: adapterPath, sha256: adapterSha256 };
  } finally {
    await trainer.close();
  }
}

interface Sides {
  readonly peer: readonly RolloutSpeed[][];
  readonly ours: readonly RolloutSpeed[][];
  readonly withAdapter: readonly RolloutSpeed[][];
}

/** The sides take turns, so that whatever else the machine does meets all of them. */
async function inTurn(measured: {
  readonly model: OpenedModel;
  readonly peer: string;
  readonly adapter: AdapterReference;
  readonly threads: number;
  readonly reporter: Reporter;
}): Promise<Sides> {
  const { model, threads, reporter } = measured;
  const policy = await createLlamaCppPolicy({
    modelPath: model.path,
    modelSha256: model.sha256,
    acceptedBaseSha256: [model.publishedSha256],
    contextTokens: shape.promptTokens + shape.sampledTokens + 2,
    slots,
    threads,
    kernels: await openKernels(reporter),
    keptPrefixes: 0,
  });
  const sides: { peer: RolloutSpeed[][]; ours: RolloutSpeed[][]; withAdapter: RolloutSpeed[][] } = {
    peer: [],
    ours: [],
    withAdapter: [],
  };
  try {
    for (let round = 1; round <= rounds; round++) {
      sides.peer.push(await runLlamaBench(measured.peer, { modelPath: model.path, threads }));
      await policy.useAdapter(null);
      sides.ours.push(await measureRollout(policy));
      await policy.useAdapter(measured.adapter);
      sides.withAdapter.push(await measureRollout(policy));
      reporter.note(`round ${round} of ${rounds}`);
    }
  } finally {
    await policy.close();
  }
  return sides;
}

interface RolloutRatios {
  readonly prefill: number;
  readonly decode1: number;
  readonly decode8: number;
  readonly decode16: number;
}

/** Ours over the peer's, medians over the rounds; prefill at the largest number of sequences. */
export function rolloutRatios(ours: readonly RolloutSpeed[][], peer: readonly RolloutSpeed[][]): RolloutRatios {
  const speed = (side: readonly RolloutSpeed[][], sequences: number, what: "prefill" | "decode"): number =>
    median(side.flatMap((round) => round.filter((each) => each.sequences === sequences).map((each) => each[what])));
  const ratio = (sequences: number, what: "prefill" | "decode"): number =>
    speed(ours, sequences, what) / speed(peer, sequences, what);
  return {
    prefill: ratio(16, "prefill"),
    decode1: ratio(1, "decode"),
    decode8: ratio(8, "decode"),
    decode16: ratio(16, "decode"),
  };
}

function report(reporter: Reporter, { peer, ours, withAdapter, ragged }: Sides & { ragged: RaggedBatch }): void {
  const [ratios, adapted] = [rolloutRatios(ours, peer), rolloutRatios(withAdapter, peer)];
  const shown = (name: string, values: RolloutRatios): string =>
    `${name.padEnd(14)} ${Object.entries(values)
      .map(([key, value]) => `${key} ${(value as number).toFixed(2)}`)
      .join(", ")}`;
  reporter.result(
    {
      type: "bench-rollout",
      ratios,
      withAdapter: adapted,
      slotUse: ragged.slotUse,
      ragged,
      rounds: { peer, ours, withAdapter },
    },
    [
      "litmus over llama-batched-bench, tokens a second:",
      shown("base", ratios),
      shown("with adapter", adapted),
      `${ragged.episodes} uneven episodes: ${ragged.tokensPerSecond.toFixed(0)} tokens/s, slots used ${(100 * ragged.slotUse).toFixed(0)} %`,
    ].join("\n"),
  );
}
