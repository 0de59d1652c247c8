import type { AskEvent, AskOptions, AskRequest, Control, ControlAction, SystemView } from "@litmus/api";
import type { RunId, RunRecord, Timing } from "@litmus/core";
import type { EventReaders } from "./events/event-readers.ts";
import type { Guard } from "./guard-requests.ts";
import type { RetrieveOptions } from "./retrieve/add-retrieve-route.ts";
import type { StoreReader } from "./store-reader.ts";

/** Questions to the policies that this process has, or can load. */
export interface AskService {
  options(): Promise<AskOptions>;
  /** Resolves after the last event; rejects with what kept it from an answer. */
  ask(request: AskRequest, emit: (event: AskEvent) => void, signal: AbortSignal): Promise<void>;
}

/** What may be done with a run from here. */
export interface RunControl {
  control(runId: RunId): Promise<Control>;
  /** @throws LitmusError `conflict` when the action is not to be had now */
  act(runId: RunId, action: ControlAction): Promise<Control>;
}

/** One text an id; null where the model's vocabulary is not to be had here. */
export type SpellTokens = (
  policy: { readonly engine: string; readonly modelSha256: string },
  run: RunRecord,
  ids: readonly number[],
) => Promise<readonly string[] | null>;

/** What a server serves; what is left out it does not have. */
export interface ServedParts {
  /** Runs to read. */
  readonly store?: StoreReader;
  /** Gives the store's folder up to the process that asks for it; left out where it is kept. */
  readonly release?: () => Promise<void>;
  /** Of the store, for people: `PGlite`, `Postgres`. */
  readonly storeEngine?: string;
  /** What can be searched. */
  readonly retrieve?: RetrieveOptions;
  /** Whom a question can be put to. */
  readonly ask?: AskService;
  readonly control?: RunControl;
  readonly spellTokens?: SpellTokens;
  /** Looks into the queue of the workers; null where there is none. */
  readonly queue?: () => Promise<SystemView["queue"]>;
  /** Folder of the built page; asked for at the first request of it. */
  readonly page?: () => Promise<string>;
  /** Called with what went wrong inside, which no answer tells. */
  readonly onError?: (error: unknown) => void;
}

export interface AppOptions extends ServedParts, Guard {
  readonly timing: Timing;
  readonly readers: EventReaders;
}
