import { visibleText } from "./visible-text.ts";

/** What a run is called on the screen: its name, or its id where the name shows nothing. */
export const runLabel = (name: string, id: string): string => visibleText(name, id);
