import type { ProblemView } from "@litmus/api";
import { useRef } from "react";
import type { ReactNode } from "react";
import { axisTicks } from "../../../components/charts/axis-ticks.ts";
import { linePath } from "../../../components/charts/line-path.ts";
import type { Projection } from "../../../components/charts/line-path.ts";
import { markerPath } from "../../../components/charts/marker-path.ts";
import { rangeOf } from "../../../components/charts/range-of.ts";
import type { Range } from "../../../components/charts/range-of.ts";
import { seriesLook } from "../../../components/charts/series-look.ts";
import { formatNumber } from "../../../format/number.ts";
import { useWidth } from "../../../state/use-width.ts";
import { groupPoints } from "./group-points.ts";

/** The groups of one purpose, in the order of the run. */
export interface GroupCurve {
  readonly slot: number;
  readonly purpose: string;
  readonly groups: ProblemView["groups"];
}

export interface GroupChartProps {
  /** A sentence that stands for the drawing. */
  readonly label: string;
  readonly curves: readonly GroupCurve[];
}

const usualWidth = 960;
const height = 260;
/** Pixels between two labels of the axis of steps, at least. */
const labelPx = 70;
const margin = { top: 16, right: 20, bottom: 40, left: 44 };
const smallestRadius = 3;

/** The reward of each member as a point, larger where several have it, and a line through the means of the groups. */
export function GroupChart({ label, curves }: GroupChartProps): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame, usualWidth);
  const { projection, steps, rewards } = placesOf(curves, width);
  return (
    <div ref={frame}>
      {" "}
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${width} ${height}`}
        width="100%"
        height={height}
        fontSize={11}
        fill="var(--muted)"
      >
        {axisTicks(rewards.low, rewards.high, 4).map((tick) => (
          <g key={tick}>
            <path d={`M${margin.left} ${projection.atY(tick)}H${width - margin.right}`} stroke="var(--hairline)" />
            <text x={margin.left - 8} y={projection.atY(tick)} textAnchor="end" dominantBaseline="central">
              {String(tick)}
            </text>
          </g>
        ))}
        {axisTicks(steps.low, steps.high, Math.max(2, Math.floor(width / labelPx)))
          .filter((tick) => Number.isInteger(tick))
          .map((tick) => (
            <text key={tick} x={projection.atX(tick)} y={height - margin.bottom + 18} textAnchor="middle">
              {tick}
            </text>
          ))}
        <text x={(margin.left + width - margin.right) / 2} y={height - 4} textAnchor="middle">
          step of the run
        </text>
        {curves.map((curve) => (
          <Curve key={curve.purpose} curve={curve} projection={projection} />
        ))}
      </svg>
    </div>
  );
}

function Curve({ curve, projection }: { readonly curve: GroupCurve; readonly projection: Projection }): ReactNode {
  const { colour, dash, marker } = seriesLook(curve.slot);
  const paint = `var(${colour})`;
  const line = linePath(
    curve.groups.map(({ runStep }) => runStep),
    curve.groups.map(({ mean }) => mean),
    projection,
  );
  return (
    <g>
      <path
        d={line}
        fill="none"
        stroke={paint}
        strokeWidth={2}
        strokeDasharray={dash.join(" ")}
        strokeLinecap="round"
      />
      {groupPoints(curve.groups).map(({ runStep, reward, members }) => (
        <path
          key={`${runStep} ${reward}`}
          d={markerPath(marker, projection.atX(runStep), projection.atY(reward), smallestRadius * Math.sqrt(members))}
          fill={paint}
          fillOpacity={0.35}
          stroke={paint}
        >
          <title>{`step ${runStep}: ${members} with reward ${formatNumber(reward)}`}</title>
        </path>
      ))}
    </g>
  );
}

interface Places {
  readonly projection: Projection;
  readonly steps: Range;
  readonly rewards: Range;
}

function placesOf(curves: readonly GroupCurve[], width: number): Places {
  const groups = curves.flatMap((curve) => curve.groups);
  const steps = rangeOf(groups.map(({ runStep }) => runStep));
  const rewards = rangeOf([0, 1, ...groups.flatMap((group) => group.rewards.filter((reward) => reward !== null))]);
  const across = width - margin.left - margin.right;
  const down = height - margin.top - margin.bottom;
  return {
    steps,
    rewards,
    projection: {
      atX: (step) => margin.left + ((step - steps.low) / (steps.high - steps.low)) * across,
      atY: (reward) => height - margin.bottom - ((reward - rewards.low) / (rewards.high - rewards.low)) * down,
    },
  };
}
