/** @file `npm run check`: everything that needs no test run, cheap first; all are run, then the failures are named. */
import { spawnSync } from "node:child_process";

// The launcher pins pnpm: a packageManager field would make pnpm switch itself, which a frozen lockfile refuses.
const checks = [
  { name: "format", command: "oxfmt", args: ["--check", "."] },
  { name: "lint", command: "oxlint", args: ["--type-aware", "--deny-warnings"] },
  { name: "types", command: "tsc", args: ["-p", "."] },
  { name: "types of the page", command: "tsc", args: ["-p", "apps/dashboard"] },
  { name: "boundaries", command: "depcruise", args: ["packages", "apps", "--config", ".dependency-cruiser.mjs"] },
  { name: "dead code", command: "knip", args: [] },
  { name: "dependency drift", command: "sherif", args: ["-r", "root-package-manager-field"] },
];

const failed = [];
for (const { name, command, args } of checks) {
  const start = performance.now();
  const result = spawnSync(command, args, { encoding: "utf8" });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (result.error) throw result.error;
  console.log(`${result.status === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
  if (result.status === 0) continue;
  failed.push(name);
  console.log(`${result.stdout}${result.stderr}`);
}
if (failed.length > 0) {
  console.log(`check failed: ${failed.join(", ")}`);
  process.exitCode = 1;
}
