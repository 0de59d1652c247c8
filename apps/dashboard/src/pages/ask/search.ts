import { z } from "zod";
import { viewSchema } from "../../state/view-schema.ts";

/** What the address of this page holds besides its path: what is asked, of whom. Opening it asks nothing. */
export const askView = viewSchema({
  question: z.string().max(2000).catch(""),
  /** Of the server's list; the first of it where it is empty. */
  policy: z.string().max(200).catch(""),
});
