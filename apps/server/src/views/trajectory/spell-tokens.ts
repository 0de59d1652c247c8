import type { SpellTokens } from "../../app-options.ts";

/** Of a server that has no vocabulary. */
export const spellsNothing: SpellTokens = async () => null;
