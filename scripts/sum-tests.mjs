/**
 * @file Runs commands that test, one after the other, and closes with one line over all of them:
 *
 *     node scripts/sum-tests.mjs "npm test --silent" "npm run test:e2e --silent"
 *
 * Each closes its own output with `N passed, N failed, N skipped`; one that does not has failed once. All are run.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const closingLine = /^(\d+) passed, (\d+) failed, (\d+) skipped$/;
const commands = process.argv.slice(2);
if (commands.length === 0) {
  process.stderr.write('usage: sum-tests.mjs "<command>" …\n');
  process.exit(2);
}

const total = [0, 0, 0];
let exitCode = 0;
for (const command of commands) {
  const { code, counts } = await runTests(command);
  if (code !== 0) exitCode = 1;
  // A command that fails without a failed test broke before or after its tests.
  if (counts === null || (code !== 0 && counts[1] === 0)) total[1] += 1;
  counts?.forEach((count, i) => (total[i] += count));
  const told = counts === null ? "no closing line" : lineOf(counts);
  process.stdout.write(`${command}: ${told}, exit code ${code}\n`);
}
process.stdout.write(`\n${lineOf(total)}\n`);
process.exitCode = total[1] > 0 ? 1 : exitCode;

function lineOf([passed, failed, skipped]) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** Passes the output on, but for closing lines: the last of them counts. */
function runTests(command) {
  let counts = null;
  const child = spawn(command, { shell: true, stdio: ["inherit", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    const found = closingLine.exec(line);
    if (found === null) process.stdout.write(`${line}\n`);
    else counts = found.slice(1).map(Number);
  });
  const read = new Promise((resolve) => lines.on("close", resolve));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => void read.then(() => resolve({ code: code ?? 1, counts })));
  });
}
