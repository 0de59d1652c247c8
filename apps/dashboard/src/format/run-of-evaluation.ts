/** The run of an evaluation's id, `run:stage:step`; no stage and no step holds a colon. */
export const runOfEvaluation = (id: string): string => id.split(":").slice(0, -2).join(":");
