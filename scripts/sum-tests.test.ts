import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const script = fileURLToPath(new URL("sum-tests.mjs", import.meta.url));

function sum(...commands: readonly string[]): { lines: string[]; code: number | null } {
  const { stdout, status } = spawnSync(process.execPath, [script, ...commands], { encoding: "utf8" });
  return { lines: stdout.trimEnd().split("\n"), code: status };
}

it("closes with the sum, and passes the rest of the output on", () => {
  const { lines, code } = sum(
    "echo one; echo '12 passed, 0 failed, 3 skipped'",
    "echo '4 passed, 0 failed, 1 skipped'",
  );
  expect(lines).toContain("one");
  expect(lines.at(-1)).toBe("16 passed, 0 failed, 4 skipped");
  expect(lines.filter((line) => /^\d+ passed/.test(line))).toHaveLength(1);
  expect(code).toBe(0);
});

it("runs the second although the first fails, and fails", () => {
  const { lines, code } = sum("echo '1 passed, 2 failed, 0 skipped'; exit 1", "echo '5 passed, 0 failed, 0 skipped'");
  expect(lines.at(-1)).toBe("6 passed, 2 failed, 0 skipped");
  expect(code).toBe(1);
});

it("counts a command that breaks without a closing line as failed", () => {
  const { lines, code } = sum("echo broken", "echo '5 passed, 0 failed, 0 skipped'");
  expect(lines.at(-1)).toBe("5 passed, 1 failed, 0 skipped");
  expect(code).toBe(1);
});

it("counts an exit code that no failed test explains", () => {
  const { lines, code } = sum("echo '5 passed, 0 failed, 0 skipped'; exit 3");
  expect(lines.at(-1)).toBe("5 passed, 1 failed, 0 skipped");
  expect(code).toBe(1);
});

it("takes the last of several closing lines: a test may print one", () => {
  const { lines } = sum("echo '9 passed, 9 failed, 9 skipped'; echo '1 passed, 0 failed, 0 skipped'");
  expect(lines.at(-1)).toBe("1 passed, 0 failed, 0 skipped");
});
