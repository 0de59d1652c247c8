import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(import.meta.dirname, "../../..");

/** The quickstart, cut to two steps of each stage: under two minutes on two cores. */
const cuts = [
  "stages.0.steps=2",
  "stages.0.batch=2",
  "stages.0.optimizer.warmupSteps=0",
  "stages.1.steps=2",
  "stages.1.problemsPerStep=2",
  "stages.1.groupSize=2",
  "evaluation.questions=2",
  "evaluation.base=false",
  "evaluation.sampled=null",
];

/** A line of `--json` output. */
interface OutputLine {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A real training run in a process of its own. */
export interface Training {
  /** Of its page. */
  readonly address: string;
  readonly runId: string;
  /** Resolves with its exit code. */
  readonly ended: Promise<number>;
  /** Kills it where it has not ended, and removes its folder. */
  dispose(): Promise<void>;
}

/** Starts `litmus train configs/quickstart.yaml`; resolves when it says at which address it can be followed. */
export async function trainQuickstart(): Promise<Training> {
  const directory = await mkdtemp(join(tmpdir(), "litmus-live-"));
  const words = ["train", "configs/quickstart.yaml", "--json", "--dir", directory];
  const child = spawn(
    process.execPath,
    [join(root, "bin/litmus.mjs"), ...words, ...cuts.flatMap((cut) => ["--set", cut])],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let told = "";
  child.stderr.on("data", (text: Buffer) => (told += text.toString()));
  const ended = new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? 1)));
  const started = Promise.withResolvers<OutputLine>();
  createInterface({ input: child.stdout }).on("line", (text) => {
    const line = JSON.parse(text) as OutputLine;
    if (line.type === "run-start") started.resolve(line);
  });
  void ended.then((code) => started.reject(new Error(`litmus train ended with ${code}: ${told}`)));
  const dispose = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
    await rm(directory, { recursive: true });
  };
  try {
    const { address, runId } = await started.promise;
    return { address: String(address), runId: String(runId), ended, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
