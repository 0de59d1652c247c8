import { viewSchema } from "../../state/view-schema.ts";

/** The page has one view alone. */
export const systemView = viewSchema({});
