import { z } from "zod";
import { viewSchema } from "../../state/view-schema.ts";

export const trajectoryTabs = ["turns", "tokens", "group", "compare"] as const;
export type TrajectoryTab = (typeof trajectoryTabs)[number];

/** What the colour of a token tells. */
export const tokenModes = ["log-probability", "advantage", "difference", "mask"] as const;
export type TokenMode = (typeof tokenModes)[number];

const text = (length: number): z.ZodType<string> => z.string().max(length).catch("");

/** What the address of this page holds besides its path. */
export const trajectoryView = viewSchema({
  tab: z.enum(trajectoryTabs).catch("turns"),
  /** A turn to show and mark, counted from 1. */
  turn: z.int().min(1).nullable().catch(null),
  /** Tokens to show and mark, `120-180`, both included; they are shown whatever the tab. */
  tokens: z
    .string()
    .regex(/^\d{1,9}-\d{1,9}$/)
    .nullable()
    .catch(null),
  mode: z.enum(tokenModes).catch("log-probability"),
  /** Words that the turns shown must hold. */
  find: text(200),
  /** Id of the trajectory to compare with. */
  beside: text(200),
});
export type TrajectoryViewState = typeof trajectoryView.defaults;

/** A span of tokens opens their tab. */
export const shownTab = ({ tab, tokens }: TrajectoryViewState): TrajectoryTab => (tokens === null ? tab : "tokens");
