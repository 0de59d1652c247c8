import type { Timing } from "@litmus/core";

/** `live`: the server tells of changes; `polling`: it is asked every five seconds; `offline`: it does not answer. */
export type LiveStatus = "connecting" | "live" | "polling" | "offline";

export interface LiveState {
  readonly status: LiveStatus;
  /** When the page last agreed with the store, in milliseconds of the clock; null before the first time. */
  readonly updatedAtMs: number | null;
}

export interface StreamHandlers {
  readonly onOpen: () => void;
  /** Ids of the runs that changed. */
  readonly onChange: (runIds: readonly string[]) => void;
  /** The server is about to end, and nothing will change before it does. */
  readonly onClosing: () => void;
  /** Bytes came, heartbeats too. */
  readonly onActivity: () => void;
}

export interface LiveOptions {
  /** Resolves when the stream ended or could not be opened, and at once on abort. Must not reject. */
  readonly stream: (handlers: StreamHandlers, signal: AbortSignal) => Promise<void>;
  /** Resolves to whether the server answered. Must not reject. */
  readonly probe: (signal: AbortSignal) => Promise<boolean>;
  readonly onChange: (runIds: readonly string[]) => void;
  /** Anything may have changed while no stream was open. */
  readonly onResync: () => void;
  /** Reads what is shown once more, and resolves when it is there. Must not reject. The server waits until the stream is closed. */
  readonly onClosing: () => Promise<void>;
  readonly timing: Timing;
}

export interface LiveUpdates {
  readonly state: () => LiveState;
  readonly subscribe: (listener: () => void) => () => void;
  readonly stop: () => void;
}

const pollEveryMs = 5000;
const longestPauseMs = 10_000;
/** The server's heart beats every 15 seconds; after two missed ones the stream is taken for dead. */
const silenceMs = 35_000;

/** Keeps one stream of changes open, and asks the server while it is not. */
export function startLiveUpdates(options: LiveOptions): LiveUpdates {
  const end = new AbortController();
  const listeners = new Set<() => void>();
  let state: LiveState = { status: "connecting", updatedAtMs: null };
  const tell = (status: LiveStatus, isUpdated: boolean): void => {
    const updatedAtMs = isUpdated ? options.timing.monotonicMs() : state.updatedAtMs;
    if (status === state.status && updatedAtMs === state.updatedAtMs) return;
    state = { status, updatedAtMs };
    for (const listener of listeners) listener();
  };
  void keepStream(options, tell, end.signal);
  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => end.abort(),
  };
}

type Tell = (status: LiveStatus, isUpdated: boolean) => void;

async function keepStream(options: LiveOptions, tell: Tell, end: AbortSignal): Promise<void> {
  const { timing } = options;
  let failures = 0;
  let isFirst = true;
  let poller: AbortController | null = null;
  while (!end.aborted) {
    const onOpen = (): void => {
      poller?.abort();
      poller = null;
      failures = 0;
      if (!isFirst) options.onResync();
      isFirst = false;
      tell("live", true);
    };
    const onChange = (runIds: readonly string[]): void => {
      options.onChange(runIds);
      tell("live", true);
    };
    await streamOnce(options, { onOpen, onChange }, end);
    if (end.aborted) break;
    if (poller === null) {
      isFirst = false;
      poller = new AbortController();
      void poll(options, tell, AbortSignal.any([end, poller.signal]));
    }
    await timing.wait(pauseMs(failures, timing.uniform()), end);
    failures += 1;
  }
}

/** One stream until it ends or has been silent for too long. */
async function streamOnce(
  { stream, onClosing, timing }: LiveOptions,
  handlers: Pick<StreamHandlers, "onOpen" | "onChange">,
  end: AbortSignal,
): Promise<void> {
  const close = new AbortController();
  const signal = AbortSignal.any([end, close.signal]);
  let heardAtMs = timing.monotonicMs();
  const ended = stream(
    {
      ...handlers,
      onClosing: () => void onClosing().then(() => close.abort()),
      onActivity: () => (heardAtMs = timing.monotonicMs()),
    },
    signal,
  );
  const watch = async (): Promise<void> => {
    for (;;) {
      const leftMs = heardAtMs + silenceMs - timing.monotonicMs();
      if (signal.aborted || leftMs <= 0) return;
      await timing.wait(leftMs, signal);
    }
  };
  await Promise.race([ended, watch()]);
  close.abort();
  await ended;
}

async function poll({ probe, onResync, timing }: LiveOptions, tell: Tell, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const isAnswered = await probe(signal);
    if (signal.aborted) return;
    if (isAnswered) onResync();
    tell(isAnswered ? "polling" : "offline", isAnswered);
    await timing.wait(pollEveryMs, signal);
  }
}

/** 0.5 s, 1 s, 2 s … 10 s, each shortened by up to a half so that pages do not return together. */
function pauseMs(failures: number, uniform: number): number {
  return Math.min(500 * 2 ** failures, longestPauseMs) * (1 - uniform / 2);
}
