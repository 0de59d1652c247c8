import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildRun, buildStoredTrajectory, buildTrajectory } from "@litmus/testing";
import { beforeAll, describe, expect, it } from "vitest";
import type { DiskFinding, DiskScript } from "./disk-full-child.ts";
import { openStore } from "./open-store.ts";

const trials = Number(process.env.LITMUS_FAULT_TRIALS ?? 10);
const run = buildRun();
const entries = Array.from({ length: 2000 }, (_, member) => {
  const tokens = Array.from({ length: 2000 }, (_unused, i) => ((i * 7919 + member) * 104_729) % 262_144);
  return buildStoredTrajectory({ key: { member }, trajectory: buildTrajectory({ tokens }) });
});

/** Mounts a small disk that only the child sees, and that goes with it. */
const mountAndRun = 'mount -t tmpfs -o size=44m tmpfs "$1" && exec "$2" "$3" "$4"';
const isolate = "unshare";
const canMount = spawnSync(isolate, ["-rm", "sh", "-c", "mount -t tmpfs tmpfs /tmp"]).status === 0;

/** A store without runs, made where there is space. */
let made: string;

function fillDisk(free: DiskScript["free"]): DiskFinding[] {
  const folder = mkdtempSync(join(tmpdir(), "litmus-disk-"));
  const disk = join(folder, "disk");
  const script = join(folder, "script.json");
  mkdirSync(disk);
  writeFileSync(script, JSON.stringify({ disk, made, run, entries, free } satisfies DiskScript));
  const child = new URL("./disk-full-child.ts", import.meta.url).pathname;
  const ended = spawnSync(isolate, ["-rm", "sh", "-c", mountAndRun, "sh", disk, process.execPath, child, script], {
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  expect(ended.status, ended.stderr).toBe(0);
  return ended.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as DiskFinding);
}

describe.skipIf(!canMount)("a store on a full disk (needs unshare and tmpfs)", () => {
  const offsets = Math.max(2, Math.round(trials / 5));
  it(`refuses a write, and keeps all before it, at ${offsets} offsets`, { timeout: 1_800_000 }, () => {
    const free = Array.from({ length: offsets }, (_, index) => ({
      at: "writes" as const,
      bytes: Math.round(((index + 1) * 5.4e6) / offsets),
    }));
    const findings = fillDisk(free);
    expect(findings).toHaveLength(offsets);
    for (const finding of findings) {
      const note = JSON.stringify(finding);
      expect(finding.code, note).toBe("out-of-space");
      expect(finding.found, note).toBeGreaterThanOrEqual(finding.acknowledged);
      expect(finding.found, note).toBeLessThanOrEqual(finding.acknowledged + 1);
    }
    expect(Math.max(...findings.map((finding) => finding.acknowledged)), "no trial wrote anything").toBeGreaterThan(0);
  });

  beforeAll(async () => {
    made = join(mkdtempSync(join(tmpdir(), "litmus-disk-")), "store");
    await (await openStore({ directory: made })).close();
  });

  it("says so when a new store does not fit, and makes it once there is space", { timeout: 600_000 }, () => {
    const findings = fillDisk([12e6].map((bytes) => ({ at: "first-start", bytes })));
    for (const finding of findings) {
      expect(finding).toMatchObject({ code: "out-of-space", acknowledged: 0, found: 0 });
      expect(finding.message).toContain("a new store needs 20 MB");
    }
  });
});
