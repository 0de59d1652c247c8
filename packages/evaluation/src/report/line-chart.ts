import type { Interval } from "@litmus/algorithms";
import { createScale, type Scale } from "./chart-scale.ts";
import { html, type Markup } from "./markup.ts";
import { decimal } from "./number-format.ts";

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
  readonly ci95: Interval | null;
}

export interface ChartSeries {
  readonly name: string;
  /** Style of the marks: see the style sheet. */
  readonly tone: "training" | "heldOut";
  readonly points: readonly ChartPoint[];
}

export interface ChartInput {
  readonly id: string;
  readonly title: string;
  /** One sentence that says what a reader sees. */
  readonly description: string;
  readonly xLabel: string;
  readonly series: readonly ChartSeries[];
}

const width = 420;
const height = 240;
const frame = { left: 46, right: 14, top: 14, bottom: 40 };
const round = (value: number): number => Math.round(value * 10) / 10;

/** A chart of finite points, as SVG without script; null where there is nothing to draw. */
export function lineChart(input: ChartInput): Markup | null {
  const series = input.series.map((one) => ({
    ...one,
    points: one.points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)),
  }));
  const points = series.flatMap((one) => one.points);
  if (points.length === 0) return null;
  const ys = points.flatMap(({ y, ci95 }) => (ci95 === null ? [y] : [y, ci95.low, ci95.high]));
  const xs = points.map(({ x }) => x);
  const scaleY = createScale({
    low: Math.min(0, ...ys),
    high: Math.max(0.1, ...ys),
    from: height - frame.bottom,
    to: frame.top,
  });
  const scaleX = createScale({
    low: Math.min(...xs),
    high: Math.max(...xs),
    from: frame.left,
    to: width - frame.right,
    ticks: 6,
  });
  return html`<figure class="chart">
    <figcaption>
      <h3>${input.title}</h3>
      ${legend(series)}
    </figcaption>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${input.id}-title ${input.id}-description">
      <title id="${input.id}-title">${input.title}</title>
      <desc id="${input.id}-description">${input.description}</desc>
      ${axes(scaleX, scaleY, input.xLabel)} ${series.map((one) => marks(one, scaleX, scaleY))}
    </svg>
  </figure>`;
}

function legend(series: readonly ChartSeries[]): Markup {
  const items = series.filter(({ points }) => points.length > 0);
  return html`<p class="legend">${items.map(({ name, tone }) => html`<span class="key ${tone}">${name}</span> `)}</p>`;
}

function axes(x: Scale, y: Scale, xLabel: string): Markup {
  const bottom = height - frame.bottom;
  const xTicks = x.ticks.filter(Number.isInteger);
  return html`<g class="axis">
    ${y.ticks.map(
      (tick) =>
        html`<line x1="${frame.left}" x2="${width - frame.right}" y1="${round(y.at(tick))}" y2="${round(y.at(tick))}" />
          <text x="${frame.left - 8}" y="${round(y.at(tick)) + 4}" text-anchor="end">${decimal(tick, y.digits)}</text>`,
    )}
    ${xTicks.map((tick) => html`<text x="${round(x.at(tick))}" y="${bottom + 18}" text-anchor="middle">${decimal(tick, 0)}</text>`)}
    <text class="label" x="${(frame.left + width - frame.right) / 2}" y="${height - 4}" text-anchor="middle"
      >${xLabel}</text
    >
  </g>`;
}

const path = (points: readonly { readonly x: number; readonly y: number }[], x: Scale, y: Scale): string =>
  points.map((point, i) => `${i === 0 ? "M" : "L"}${round(x.at(point.x))} ${round(y.at(point.y))}`).join("");

function marks({ tone, points }: ChartSeries, x: Scale, y: Scale): Markup {
  const radius = tone === "heldOut" ? 4.5 : points.length > 60 ? 1.5 : 2.6;
  return html`<g class="${tone}">
    ${tone === "training" ? band(points, x, y) : bars(points, x, y)}
    ${points.length > 1 ? html`<path class="line" d="${path(points, x, y)}" />` : null}
    ${points.map((point) => html`<circle cx="${round(x.at(point.x))}" cy="${round(y.at(point.y))}" r="${radius}"><title>${pointTitle(point)}</title></circle>`)}
  </g>`;
}

function pointTitle({ x, y, ci95 }: ChartPoint): string {
  const range = ci95 === null ? "" : `, 95 % interval ${decimal(ci95.low)} to ${decimal(ci95.high)}`;
  return `step ${x}: ${decimal(y)}${range}`;
}

function band(points: readonly ChartPoint[], x: Scale, y: Scale): Markup | null {
  const known = points.flatMap((point) => (point.ci95 === null ? [] : [{ x: point.x, ...point.ci95 }]));
  if (known.length < 2) return null;
  const upper = known.map((point) => ({ x: point.x, y: point.high }));
  const lower = known.map((point) => ({ x: point.x, y: point.low })).reverse();
  return html`<path class="band" d="${path([...upper, ...lower], x, y)}Z" />`;
}

function bars(points: readonly ChartPoint[], x: Scale, y: Scale): Markup[] {
  return points.flatMap(({ x: at, ci95 }) => {
    if (ci95 === null) return [];
    const [centre, low, high] = [round(x.at(at)), round(y.at(ci95.low)), round(y.at(ci95.high))];
    return [html`<path class="bar" d="M${centre} ${low}V${high}M${centre - 4} ${low}h8M${centre - 4} ${high}h8" />`];
  });
}
