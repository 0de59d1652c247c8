import { openOurUpdates } from "../bench/our-update.ts";
import { openPeerUpdate, setUpPeer, type Peer } from "../bench/python-peer.ts";
import { figuresOf, type MeasuredUpdate, type UpdateFigures, type UpdateSide } from "../bench/update-side.ts";
import { loadConfig } from "@litmus/experiment";
import { createReporter } from "../output/create-reporter.ts";
import type { Reporter } from "../output/reporter.ts";
import { directoryOf, openModel } from "../wiring/open-model.ts";

interface BenchUpdateOptions {
  readonly json: boolean;
  readonly config: string;
  readonly peer?: Peer;
  readonly threads: number;
}

const updates = 6;
const microBatches = [1, 2, 4, 8] as const;

/**
 * `litmus bench update`: one update of the local trainer, and of a Python peer in turn with it. The workload is one group of
 * GRPO, whose trajectories have their prompt in common: it is computed once here, and eight times by the peers, whose time
 * does not depend on it. The same with distinct prompts is measured beside.
 */
export async function benchUpdate(options: BenchUpdateOptions): Promise<void> {
  const reporter = createReporter(options.json);
  const { threads } = options;
  const { config } = await loadConfig(options.config);
  const model = await openModel(
    { ...config.model, weights: "f16" },
    { configDirectory: directoryOf(options.config), reporter },
  );
  const openOurs = async (): Promise<[UpdateSide, UpdateSide]> => {
    const sides = await openOurUpdates({ modelPath: model.path, baseSha256: model.publishedSha256, threads });
    return [sides.group, sides.distinct];
  };
  if (options.peer === undefined) return reportAlone(reporter, await withSides(await openOurs(), inTurn));
  const python = await setUpPeer(options.peer, (text) => reporter.note(text));
  const openPeer = (microBatch: number, precision: "float32" | "bfloat16" = "float32"): UpdateSide =>
    openPeerUpdate(python, { peer: options.peer as Peer, microBatch, precision, threads });
  const microBatch = await fastestMicroBatch(openPeer, reporter);
  const [ours, distinct, peer] = await withSides([...(await openOurs()), openPeer(microBatch)], inTurn);
  const [half] = await withSides([openPeer(microBatch, "bfloat16")], inTurn);
  reportBoth(reporter, { ours, distinct, peer, half, microBatch, name: options.peer });
}

async function withSides<T>(
  sides: readonly UpdateSide[],
  use: (sides: readonly UpdateSide[]) => Promise<T>,
): Promise<T> {
  try {
    return await use(sides);
  } finally {
    for (const side of sides) await side.close();
  }
}

/** The sides take turns, so that whatever else the machine does meets both. */
async function inTurn(sides: readonly UpdateSide[]): Promise<UpdateFigures[]> {
  const measured: MeasuredUpdate[][] = sides.map(() => []);
  for (let update = 0; update < updates; update++) {
    for (const [index, side] of sides.entries()) measured[index]?.push(await side.update());
  }
  return measured.map(figuresOf);
}

/** By the second update of each: the first allocates. One that runs out of memory is left out. */
async function fastestMicroBatch(open: (microBatch: number) => UpdateSide, reporter: Reporter): Promise<number> {
  const seconds = new Map<number, number>();
  for (const microBatch of microBatches) {
    try {
      const wall = await withSides([open(microBatch)], async ([side]) => {
        await side?.update();
        return (await side?.update())?.wallSeconds ?? Infinity;
      });
      seconds.set(microBatch, wall);
      reporter.note(`peer, micro-batch ${microBatch}: ${wall.toFixed(1)} s`);
    } catch (error) {
      if (microBatch === microBatches[0]) throw error;
      reporter.note(`peer, micro-batch ${microBatch}: ${error instanceof Error ? error.message : "failed"}`);
    }
  }
  return [...seconds].reduce((best, each) => (each[1] < best[1] ? each : best))[0];
}

const line = (name: string, { wallSeconds, cpuSeconds, tokensPerSecond, peakRssGiB }: UpdateFigures): string =>
  `${name.padEnd(24)} ${wallSeconds.toFixed(2)} s, ${cpuSeconds.toFixed(1)} CPU-s, ${tokensPerSecond.toFixed(0)} tokens/s, ${peakRssGiB.toFixed(2)} GiB`;

function reportAlone(reporter: Reporter, [ours, distinct]: readonly UpdateFigures[]): void {
  if (ours === undefined || distinct === undefined) return;
  reporter.result(
    { type: "bench-update", ours, distinctPrompts: distinct },
    [line("litmus, one prompt", ours), line("litmus, distinct prompts", distinct)].join("\n"),
  );
}

interface Comparison {
  readonly name: Peer;
  readonly microBatch: number;
  /** A group: one prompt, many actions. */
  readonly ours: UpdateFigures | undefined;
  readonly distinct: UpdateFigures | undefined;
  readonly peer: UpdateFigures | undefined;
  /** The peer in bfloat16, alone. */
  readonly half: UpdateFigures | undefined;
}

function reportBoth(reporter: Reporter, { name, microBatch, ours, distinct, peer, half }: Comparison): void {
  if (ours === undefined || distinct === undefined || peer === undefined || half === undefined) return;
  const over = (side: UpdateFigures): { wall: number; cpu: number } => ({
    wall: peer.wallSeconds / side.wallSeconds,
    cpu: peer.cpuSeconds / side.cpuSeconds,
  });
  const shown = ({ wall, cpu }: { wall: number; cpu: number }): string =>
    `wall ${wall.toFixed(2)}, CPU ${cpu.toFixed(2)}`;
  reporter.result(
    {
      type: "bench-update",
      ours,
      peer: { name, microBatch, ...peer },
      ratios: over(ours),
      distinctPrompts: { ours: distinct, ratios: over(distinct) },
      peerBfloat16: half,
    },
    [
      line("litmus, one prompt", ours),
      line("litmus, distinct prompts", distinct),
      line(`${name}, micro-batch ${microBatch}`, peer),
      line(`${name}, bfloat16`, half),
      `${name} over litmus: ${shown(over(ours))}; distinct prompts: ${shown(over(distinct))}`,
    ].join("\n"),
  );
}
