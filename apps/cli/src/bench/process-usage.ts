import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** What a process has used since it started. */
export interface ProcessUsage {
  readonly cpuSeconds: number;
  /** Largest resident memory; what is resident now where the system keeps no peak. */
  readonly peakRssGiB: number;
}

/** USER_HZ: fixed at 100 in Linux's interface to programs. */
const ticksPerSecond = 100;

export function processUsage(processId: number): ProcessUsage {
  return process.platform === "linux" ? linuxUsage(processId) : listedUsage(processId);
}

function linuxUsage(processId: number): ProcessUsage {
  const stat = readFileSync(`/proc/${processId}/stat`, "utf8");
  // The name may hold spaces; after it come the fields from the third on: the 14th and 15th are user and system time.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const peakKib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${processId}/status`, "utf8"))?.[1];
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    peakRssGiB: Number(peakKib ?? 0) / 2 ** 20,
  };
}

function listedUsage(processId: number): ProcessUsage {
  const listed = spawnSync("ps", ["-o", "cputime=,rss=", "-p", String(processId)], { encoding: "utf8" });
  const [time = "0:0", rssKib = "0"] = (listed.stdout ?? "").trim().split(/\s+/);
  const cpuSeconds = time.split(/[:-]/).reduce((total, part) => total * 60 + Number(part), 0);
  return { cpuSeconds, peakRssGiB: Number(rssKib) / 2 ** 20 };
}
