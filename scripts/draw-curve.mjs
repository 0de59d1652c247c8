/**
 * @file Draws the curve of an experiment's record: `node scripts/draw-curve.mjs experiments/<record>`.
 * Reads results.json, the last line of `litmus train --json`, and writes curve.svg: mean training reward by step, and
 * exact match on the held-out questions before and after each stage with its 95 % interval.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const folder = process.argv[2];
if (folder === undefined) throw new Error("name the folder of a record");
const { evaluations: all, steps } = JSON.parse(await readFile(join(folder, "results.json"), "utf8"));
// What `litmus eval` scored later is named by version, not by step.
const evaluations = all.filter(({ stage }) => !stage.startsWith("eval-"));

const width = 640;
const height = 320;
const frame = { left: 56, right: 16, top: 40, bottom: 44 };
const lastStep = Math.max(1, ...steps.map(({ step }) => step));
/** Base and warm start, made here or imported, stand before step 1. */
const placeOf = ({ stage, step }) => (stage === "base" ? -1 : stage === "sft" || stage === "import" ? 0 : step);
const isLong = lastStep > 20;
const highest = Math.max(0.1, ...steps.map(({ reward }) => reward), ...evaluations.map(({ ci95 }) => ci95[1]));
const top = Math.ceil(highest / 0.2) * 0.2;
const x = (value) => frame.left + ((value + 1) / (lastStep + 1)) * (width - frame.left - frame.right);
const y = (value) => height - frame.bottom - (value / top) * (height - frame.top - frame.bottom);
const at = (px, py) => `${px.toFixed(1)},${py.toFixed(1)}`;

/** Of a long run the line is the mean of a step and its neighbours, two on either side; the dots are the steps. */
const reach = isLong ? 2 : 0;
const smooth = steps.map(({ step }, i) => {
  const near = steps.slice(Math.max(0, i - reach), i + reach + 1);
  return at(x(step), y(near.reduce((sum, { reward }) => sum + reward, 0) / near.length));
});
const line = `<polyline fill="none" stroke="#1b6ca8" stroke-width="2" points="${smooth.join(" ")}"/>`;
const dots = steps.map(
  (one) =>
    `<circle cx="${x(one.step).toFixed(1)}" cy="${y(one.reward).toFixed(1)}" r="${isLong ? 2 : 3}" fill="#1b6ca8"${isLong ? ' opacity="0.4"' : ""}/>`,
);
const scores = evaluations.map((one) => {
  const px = x(placeOf(one));
  return (
    `<line x1="${px.toFixed(1)}" x2="${px.toFixed(1)}" y1="${y(one.ci95[0]).toFixed(1)}" y2="${y(one.ci95[1]).toFixed(1)}" stroke="#b8500c" stroke-width="2"/>` +
    `<rect x="${(px - 4).toFixed(1)}" y="${(y(one.exactMatch) - 4).toFixed(1)}" width="8" height="8" fill="#b8500c"/>`
  );
});
const grid = Array.from({ length: Math.round(top / 0.2) + 1 }, (_, i) => 0.2 * i).map(
  (value) =>
    `<line x1="${frame.left}" x2="${width - frame.right}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}" stroke="#ddd"/>` +
    `<text x="${frame.left - 8}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${value.toFixed(1)}</text>`,
);
const stride = isLong ? 5 : 1;
const numbered = Array.from({ length: Math.floor(lastStep / stride) }, (_, i) => (i + 1) * stride);
const labels = [...(isLong ? [] : [[-1, "base"]]), [0, "sft"], ...numbered.map((step) => [step, step])].map(
  ([step, label]) =>
    `<text x="${x(step).toFixed(1)}" y="${height - frame.bottom + 18}" text-anchor="middle">${label}</text>`,
);
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#333">
<title>Training reward and held-out exact match by step</title>
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${frame.left}" y="20" fill="#1b6ca8">● training reward${isLong ? ", mean of five steps" : " of a step"}</text>
<text x="${frame.left + 240}" y="20" fill="#b8500c">■ exact match on held-out questions, 95 % interval</text>
${[...grid, ...labels, line, ...dots, ...scores].join("\n")}
<text x="${width / 2}" y="${height - 6}" text-anchor="middle">reinforcement step</text>
</svg>
`;
await writeFile(join(folder, "curve.svg"), svg);
