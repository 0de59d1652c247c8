import { join } from "node:path";
import { LitmusError } from "@litmus/core";
import type { AskService, RunControl, ServerOptions } from "@litmus/server";
import { openPostgresStore, type HolderServer } from "@litmus/store";
import { environment } from "../../environment.ts";
import type { Reporter } from "../../output/reporter.ts";
import { askFolder } from "../ask/ask-folder.ts";
import { askHolder } from "../ask/ask-holder.ts";
import { followStore, type FollowedStore } from "../folder/followed-store.ts";
import { storedControl } from "../train/stored-control.ts";
import { requireAction } from "../train/control-view.ts";
import { followedControl } from "./followed-control.ts";
import { watchQueue } from "./queue-view.ts";
import { createSpelling } from "./spell-tokens.ts";

/** Runs that are shown, and what can be done with them. */
export interface OpenedRuns extends AsyncDisposable {
  readonly parts: ServerOptions;
}

export interface RunsToOpen {
  /** Folder of the runs, absolute. */
  readonly directory: string;
  readonly reporter: Reporter;
  /** Where this process answers others; null before it listens. */
  readonly server: () => HolderServer | null;
}

/** The runs of a folder, whoever holds its store. */
export function openFolder({ directory, reporter, server }: RunsToOpen): OpenedRuns {
  const followed = followStore({ directory: join(directory, "store"), server });
  const asking = askFolder({ directory, reader: followed.reader, store: () => followed.own(), reporter });
  const release = async (): Promise<void> => {
    // A run needs the memory; until that is free, it need not wait.
    void asking.interrupt(givenAway()).catch((cause: unknown) => reporter.note(String(cause)));
    await followed.release();
  };
  const shared = sharedParts({ directory, reporter }, followed.reader);
  return {
    parts: {
      ...shared.parts,
      store: followed.reader,
      storeEngine: "PGlite",
      release,
      ask: askWhoeverHolds(followed, asking),
      control: followedControl({ followed, directory }),
    },
    [Symbol.asyncDispose]: async () => {
      await asking.interrupt(new LitmusError("interrupted", "the server stops"));
      await shared[Symbol.asyncDispose]();
      await followed.close();
    },
  };
}

const givenAway = (): LitmusError =>
  new LitmusError("unavailable", "another command has taken the runs folder, and this server gave up its policy", {
    hint: "ask again: while a run is trained, the run's own policy answers",
    retryable: true,
  });

/** The runs of a Postgres store; their files, where they are here, are in the folder. */
export async function openDatabase({ directory, reporter }: RunsToOpen, variable: string): Promise<OpenedRuns> {
  const store = await openPostgresStore({ url: environment.named(variable, "--store") });
  const ask = askFolder({ directory, reader: store, store: async () => store, reporter });
  const shared = sharedParts({ directory, reporter }, store);
  const control: RunControl["control"] = (id) => storedControl({ store, directory, isShared: true }, id);
  return {
    parts: {
      ...shared.parts,
      store,
      storeEngine: "Postgres",
      ask,
      control: { control, act: async (id, action) => (requireAction(await control(id), action), control(id)) },
    },
    [Symbol.asyncDispose]: async () => {
      await ask.interrupt(new LitmusError("interrupted", "the server stops"));
      await shared[Symbol.asyncDispose]();
      await store.close();
    },
  };
}

function sharedParts(
  { directory, reporter }: Pick<RunsToOpen, "directory" | "reporter">,
  reader: FollowedStore["reader"],
): OpenedRuns {
  const spelling = createSpelling({ directory });
  const queue = watchQueue(reader, { reporter });
  return {
    parts: { spellTokens: spelling, queue: () => queue.view() },
    [Symbol.asyncDispose]: async () => {
      await queue[Symbol.asyncDispose]();
      await spelling[Symbol.asyncDispose]();
    },
  };
}

/** A question goes to the process that holds the folder, which may have loaded a policy already. */
function askWhoeverHolds(followed: Pick<FollowedStore, "holder">, own: AskService): AskService {
  const asked = async (): Promise<AskService> => {
    const holder = await followed.holder();
    return holder === null ? own : askHolder(holder);
  };
  return {
    options: async () => (await asked()).options(),
    ask: async (request, emit, signal) => (await asked()).ask(request, emit, signal),
  };
}
