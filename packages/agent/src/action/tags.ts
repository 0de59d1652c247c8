/** The words of the episode's protocol. A policy writes all but `information`, which is the environment's. */
export const tagNames = ["think", "search", "cite", "answer", "information"] as const;
export type TagName = (typeof tagNames)[number];

export const openTag = (name: TagName): string => `<${name}>`;
export const closeTag = (name: TagName): string => `</${name}>`;

/** Texts that end an action: sampling stops once one of them is complete. */
export const stopTexts: readonly string[] = [closeTag("search"), closeTag("answer")];
