import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** Which process: its number alone is given to another one after its end. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** When it started, in the system's own notation; null where that cannot be found out. */
  readonly start: string | null;
}

/** This very process. */
export function thisProcess(): ProcessIdentity {
  return { host: hostname(), pid: process.pid, start: processStart(process.pid) };
}

/** Whether a process still runs. One of another machine counts as running: it cannot be asked. */
export function isRunning({ host, pid, start }: ProcessIdentity): boolean {
  if (host !== hostname()) return true;
  if (!answersSignals(pid) || isZombie(pid)) return false;
  const current = processStart(pid);
  return start === null || current === null || start === current;
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function processStart(pid: number): string | null {
  if (process.platform === "win32") return null;
  const status = linuxStatus(pid);
  if (status !== null) return status.start;
  const listed = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], {
    encoding: "utf8",
    env: { LC_ALL: "C", PATH: "/usr/bin:/bin" },
  });
  return listed.status === 0 ? listed.stdout.trim() : null;
}

/** A killed process whose parent has not yet asked for its exit status still answers signals. */
const isZombie = (pid: number): boolean => linuxStatus(pid)?.state === "Z";

/** From proc(5): the state is field 3, the start in clock ticks since boot field 22, after a name that may hold anything. */
function linuxStatus(pid: number): { state: string; start: string } | null {
  if (process.platform !== "linux") return null;
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return { state: fields[0] ?? "", start: `${boot}:${fields[19]}` };
  } catch {
    return null;
  }
}
