import type { TokenPage } from "@litmus/api";
import type { ReactNode } from "react";
import { Button } from "../../../components/controls/button.tsx";
import { RecordText } from "../../../components/record/record-text.tsx";
import { CopyButton } from "../../../components/text/copy-button.tsx";
import { addressHere } from "../address-here.ts";
import { describeToken, shownToken } from "./describe-token.ts";
import { tokenFacts } from "./token-facts.ts";
import { pageOfToken } from "./token-rows.ts";
import { writeSpan } from "./token-span.ts";
import type { TokenSpan } from "./token-span.ts";
import styles from "./tokens.module.css";

type TokenPages = ReadonlyMap<number, { readonly data: TokenPage | undefined }>;

export interface TokenDescriptionProps {
  /** What is there of the tokens, by the number of the page. */
  readonly pages: TokenPages;
  readonly focused: number;
  /** The token under the mouse. */
  readonly pointedAt: number | null;
  readonly span: TokenSpan | null;
  readonly onClear: () => void;
}

/** One line at the foot of the window: what is known of a token. Screen readers hear of the focused one. */
export function TokenDescription(props: TokenDescriptionProps): ReactNode {
  const { pages, focused, pointedAt, span, onClear } = props;
  const copied = writeSpan(span ?? { first: focused, last: focused });
  return (
    <div className={styles.description}>
      <Sentences pages={pages} token={pointedAt ?? focused} isSpoken={pointedAt === null} />
      <div className={styles.keys}>
        <p id="token-keys">
          Arrow keys go from token to token, with Shift they mark a span; J and K go to the next and the previous turn.
        </p>
        {span !== null && (
          <Button tone="quiet" onClick={onClear}>
            Clear the mark of {writeSpan(span)}
          </Button>
        )}
        <CopyButton
          text={() => addressHere({ tab: "tokens", tokens: copied })}
          label={`Copy a link to tokens ${copied}`}
        />
      </div>
    </div>
  );
}

interface SentencesProps {
  readonly pages: TokenPages;
  readonly token: number;
  readonly isSpoken: boolean;
}

function Sentences({ pages, token, isSpoken }: SentencesProps): ReactNode {
  const data = pages.get(pageOfToken(token))?.data;
  const facts = data === undefined ? null : tokenFacts(data, token);
  return (
    <p className={styles.facts} aria-live={isSpoken ? "polite" : "off"}>
      {facts === null ? (
        "Loading tokens…"
      ) : (
        <>
          <code className={styles.shown}>
            <RecordText text={shownToken(facts)} />
          </code>{" "}
          {describeToken(facts).join(" · ")}
        </>
      )}
    </p>
  );
}
