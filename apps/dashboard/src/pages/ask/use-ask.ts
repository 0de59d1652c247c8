import { askStream, type AskRequest } from "@litmus/api";
import { useCallback, useEffect, useRef, useState } from "react";
import { useApi } from "../../api/api-provider.tsx";
import { askBegun, failed, progressAfter, stopped } from "./ask-progress.ts";
import type { AskProgress } from "./ask-progress.ts";

export interface Asking {
  /** Null before the first question. */
  readonly progress: AskProgress | null;
  readonly isBusy: boolean;
  readonly ask: (request: AskRequest) => void;
  readonly stop: () => void;
}

/** One question at a time; leaving the page stops it. */
export function useAsk(): Asking {
  const api = useApi();
  const [progress, setProgress] = useState<AskProgress | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const ask = useCallback(
    (request: AskRequest) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      const { signal } = controller;
      setProgress(askBegun);
      const change = (next: (progress: AskProgress) => AskProgress): void =>
        setProgress((current) => (running.current === controller && current !== null ? next(current) : current));
      const follow = async (): Promise<void> => {
        for await (const event of askStream(api, request, signal)) change((current) => progressAfter(current, event));
      };
      void follow().catch((error: unknown) =>
        change((current) => (signal.aborted ? stopped(current) : failed(current, error))),
      );
    },
    [api],
  );
  const stop = useCallback(() => running.current?.abort(), []);
  return { progress, isBusy: progress?.phase === "loading" || progress?.phase === "working", ask, stop };
}
