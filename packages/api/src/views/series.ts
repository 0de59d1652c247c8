import { z } from "zod";

export const xAxes = ["step", "time", "tokens"] as const;
export type XAxis = (typeof xAxes)[number];

/** One curve. It depends on its own runs alone: which others are asked for never changes a value. */
export const seriesSchema = z.object({
  /** A run id, or `seeds:` and a run id: the mean over the runs of that config but for the seed. */
  source: z.string(),
  /** The runs it is over. */
  runIds: z.array(z.string()),
  metric: z.string(),
  /** Step of the run from 1, seconds of its steps up to there, evaluations between them left out, or tokens sampled so far; ascending. */
  x: z.array(z.number()),
  /** Null where the value is not finite: a gap. */
  y: z.array(z.number().nullable()),
  /**
   * 95 % interval: of a share of episodes over its groups, whose members share a question (conservative; none where groups are not
   * known), of a share of questions over them, or of the mean over seeds.
   */
  low: z.array(z.number().nullable()).nullable(),
  high: z.array(z.number().nullable()).nullable(),
  /** Runs that a point is over, of a mean over seeds. */
  n: z.array(z.int()).nullable(),
  /** Of every point where it belongs. */
  stage: z.array(z.string()),
  step: z.array(z.int()),
  /** Points stored; fewer are sent where `isDownsampled`: of each bucket its lowest and its highest. */
  total: z.int(),
  isDownsampled: z.boolean(),
  /** Values that are no finite number. */
  notFinite: z.int(),
});
export type Series = z.infer<typeof seriesSchema>;

export const seriesListSchema = z.object({ x: z.enum(xAxes), series: z.array(seriesSchema) });
export type SeriesList = z.infer<typeof seriesListSchema>;
