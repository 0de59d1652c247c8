import { readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";

/** Peak of the summed resident memory of a run's processes, sampled each second. */
export interface MemoryWatch {
  readonly peakGib: () => number;
  stop(): void;
}

/** @param processIds read at each sample, since processes are restarted */
export function watchMemory(processIds: () => readonly number[]): MemoryWatch {
  let peak = 0;
  const sample = (): void => {
    peak = Math.max(
      peak,
      processIds().reduce((sum, id) => sum + residentBytes(id), 0),
    );
  };
  sample();
  const timer = setInterval(sample, 1000);
  timer.unref();
  return {
    peakGib: () => {
      sample();
      return peak / 2 ** 30;
    },
    stop: () => clearInterval(timer),
  };
}

/** 0 for a process that is gone. */
export function residentBytes(processId: number): number {
  if (processId === process.pid) return process.memoryUsage.rss();
  if (process.platform === "linux") {
    try {
      const pages = readFileSync(`/proc/${processId}/statm`, "utf8").split(" ")[1];
      return Number(pages ?? 0) * 4096;
    } catch {
      return 0;
    }
  }
  const listed = spawnSync("ps", ["-o", "rss=", "-p", String(processId)], { encoding: "utf8" });
  return 1024 * Number(listed.stdout?.trim() || 0);
}
