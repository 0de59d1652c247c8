import type { AskEvent } from "@litmus/api";
import { answerLine } from "@litmus/server";
import type { JsonLine } from "../../output/json-line.ts";
import { askHolder, type AskedServer } from "./ask-holder.ts";

/** Asks the process that holds the runs folder. @returns what `litmus ask` prints @throws LitmusError with that process's own code */
export async function askServer(server: AskedServer, question: string, signal: AbortSignal): Promise<JsonLine> {
  const events: AskEvent[] = [];
  await askHolder(server).ask({ question }, (event) => events.push(event), signal);
  return answerLine(events);
}
