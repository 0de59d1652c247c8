/**
 * @file Brings a bare clone to life with nothing but Node 20 and npm: the pinned pnpm installs what the lockfile
 * says, the pinned Node 24 among it. Plain JavaScript, no dependency; everything it prints goes to stderr.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const pnpmVersion = "12.21.0";
const oldestNode = 20;

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const stampPath = join(modules, ".litmus-installed");

/** The Node that everything runs on. */
export const node24 = join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/** Installs when the lockfile or a manifest changed since the last install; otherwise returns at once. */
export function ensureInstalled() {
  refuseOldNode();
  const stamp = installStamp();
  if (existsSync(node24) && existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp) return;
  process.stderr.write("litmus: installing dependencies (once for each version of the lockfile)\n");
  runPnpmInstall();
  linkCommand();
  writeFileSync(stampPath, stamp);
}

function refuseOldNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= oldestNode) return;
  stop(`Node ${process.versions.node} is too old: Litmus needs Node ${oldestNode} or later to start.`, 2);
}

function installStamp() {
  const hash = createHash("sha256").update(pnpmVersion);
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json"])
    hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

function runPnpmInstall() {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const args = ["exec", "--yes", `--package=pnpm@${pnpmVersion}`, "--", "pnpm", "install", "--frozen-lockfile"];
  const result = spawnSync(npm, args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
    env: { ...process.env, CI: "true", npm_config_loglevel: "error" },
  });
  if (result.error)
    stop(`npm could not be started (${result.error.message}). Install npm, then run the same command again.`, 3);
  if (result.status !== 0)
    stop(
      "the dependencies could not be installed. Check the network or the npm registry setting, then run the same command again.",
      3,
    );
}

/** `npx litmus` finds the command of this clone here. */
function linkCommand() {
  const link = join(modules, ".bin", "litmus");
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  try {
    symlinkSync(join("..", "..", "bin", "litmus.mjs"), link);
  } catch (error) {
    process.stderr.write(`litmus: npx litmus is not available (${error.message}); use: node bin/litmus.mjs\n`);
  }
}

function stop(message, exitCode) {
  process.stderr.write(`litmus: ${message}\n`);
  process.exit(exitCode);
}
