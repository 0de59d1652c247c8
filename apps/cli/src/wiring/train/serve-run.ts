import { toLitmusError, type RunId } from "@litmus/core";
import { startServer } from "@litmus/server";
import type { Reporter } from "../../output/reporter.ts";
import type { AskContext } from "../ask/ask-episode.ts";
import { askTrainedRun } from "../ask/ask-trained-run.ts";
import { withdrawServer } from "../folder/withdraw-server.ts";
import type { RunStore } from "../open-run-store.ts";
import { builtPage } from "../page/built-page.ts";
import { newToken, pageAddress } from "../serving/page-address.ts";
import { watchQueue } from "../serving/queue-view.ts";
import { createSpelling } from "../serving/spell-tokens.ts";
import { startOnPagePort } from "../serving/page-port.ts";
import { ownControl } from "./own-control.ts";
import type { RunControl } from "./run-control.ts";

/** The server of a process that trains: reads for others, the page, control of the run, questions to the policy as it is. */
export interface ServedRun extends AsyncDisposable {
  /** Of the page, with its token. */
  readonly address: string;
  /** From now on the run's policy answers questions. */
  answerWith(context: AskContext): void;
}

export interface RunServing {
  readonly store: RunStore;
  readonly runId: RunId;
  readonly control: RunControl;
  /** Folder of the runs. */
  readonly directory: string;
  /** What goes on with the run after a stop. */
  readonly command: string;
  /** Of the store, for people. */
  readonly storeEngine: string;
  readonly reporter: Reporter;
}

/** Serves a store from the moment it is held, so that others need not wait until the model is loaded. */
export async function serveRun(serving: RunServing): Promise<ServedRun> {
  const { store, runId, directory, reporter } = serving;
  await using opened = new AsyncDisposableStack();
  const writeToken = newToken();
  let asked: AskContext | null = null;
  const ask = askTrainedRun({ runId, store, context: () => asked });
  const spelling = opened.use(createSpelling({ directory, loaded: () => asked?.policy ?? null }));
  const queue = opened.use(watchQueue(store, { reporter }));
  const parts = {
    store,
    storeEngine: serving.storeEngine,
    ask,
    control: ownControl(serving),
    spellTokens: spelling,
    queue: () => queue.view(),
    page: () => builtPage(() => reporter.note("building the page, once")),
    onError: (cause: unknown) => reporter.note(`a request failed: ${toLitmusError(cause).message}`),
  };
  const server = await startOnPagePort((port) => startServer({ ...parts, writeToken, port }));
  opened.defer(() => server.close());
  await store.tellServer({ address: server.address, token: writeToken });
  opened.defer(() => withdrawServer(store, reporter));
  const closing = opened.move();
  return {
    address: pageAddress(server.address, writeToken),
    answerWith: (context) => (asked = context),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
