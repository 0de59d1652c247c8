/** @file Where the page begins: the token, the client, the live updates, the first paint. */
import { createApiClient, routes } from "@litmus/api";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createQueryClient } from "./api/query-client.ts";
import { takeToken } from "./api/take-token.ts";
import { App } from "./app/app.tsx";
import { createPageRouter } from "./app/router.tsx";
import { browserTiming } from "./live/browser-timing.ts";
import { createChangeInvalidator } from "./live/change-invalidator.ts";
import { startLiveUpdates } from "./live/live-updates.ts";
import { openEventStream } from "./live/open-event-stream.ts";
import "./style/tokens.css";
import "./style/base.css";

const token = takeToken(window);
const client = createApiClient({ baseUrl: "", token: () => token });
const queryClient = createQueryClient();
const router = createPageRouter({ api: client, queryClient });
const invalidator = createChangeInvalidator(queryClient, browserTiming, new AbortController().signal);

const live = startLiveUpdates({
  stream: (handlers, signal) => openEventStream(routes.events, token, handlers, signal),
  probe: async (signal) => {
    const answer = await client.session(signal).catch(() => null);
    return answer !== null;
  },
  onChange: invalidator.change,
  onResync: invalidator.changeAll,
  onClosing: () => queryClient.invalidateQueries(),
  timing: browserTiming,
});

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with the id root");
createRoot(root).render(
  <StrictMode>
    <App client={client} queryClient={queryClient} router={router} live={live} />
  </StrictMode>,
);
