import { notice } from "@litmus/api";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useApi } from "../../api/api-provider.tsx";
import { EmptyState } from "../../components/layout/empty-state.tsx";
import { PageHeader } from "../../components/layout/page-header.tsx";
import { QueryState } from "../../components/layout/query-state.tsx";
import { Icon } from "../../components/text/icon.tsx";
import { askOptions } from "../../queries/list-queries.ts";
import { AskForm } from "./ask-form.tsx";
import { AskProgressView } from "./ask-progress-view.tsx";
import styles from "./ask.module.css";
import { Refusal } from "./refusal.tsx";
import { useAsk } from "./use-ask.ts";

/** What will stand here, until there is something. */
const BeforeAsking = (): ReactNode => (
  <EmptyState title="The episode appears here">
    Turn by turn, as it is made: what the policy searches for and what it finds. Then its answer, with the records that
    it cites, and the way to the trajectory that is kept of it all.
  </EmptyState>
);

/** Puts a question to a policy, and shows how it searches and what it answers. */
export function AskPage(): ReactNode {
  const api = useApi();
  const options = useQuery(askOptions(api));
  const session = useQuery({ queryKey: ["session"], queryFn: ({ signal }) => api.session(signal) });
  const asking = useAsk();
  const canAsk = session.data?.mayWrite === true && options.data?.reason === null && options.data.policies.length > 0;
  return (
    <>
      <PageHeader title="Ask" meta="Put a question to a policy, and watch it search and answer." />
      <p className={styles.notice} role="note">
        <Icon name="warning" /> {options.data?.notice ?? notice}
      </p>
      <div className={styles.columns}>
        <div className={styles.asking}>
          <QueryState query={session}>
            {({ mayWrite }) => (
              <QueryState query={options}>
                {({ policies, reason }) => {
                  const refusal = mayWrite ? reason : "token";
                  if (refusal !== null || policies.length === 0) return <Refusal reason={refusal} />;
                  return <AskForm policies={policies} isBusy={asking.isBusy} onAsk={asking.ask} onStop={asking.stop} />;
                }}
              </QueryState>
            )}
          </QueryState>
        </div>
        {asking.progress === null ? canAsk && <BeforeAsking /> : <AskProgressView progress={asking.progress} />}
      </div>
    </>
  );
}
