import type { ReactNode } from "react";
import { Badge } from "../../../components/layout/badge.tsx";
import { formatCount } from "../../../format/number.ts";
import type { TokenSection } from "./token-sections.ts";
import styles from "./tokens.module.css";

export interface SectionHeadProps {
  readonly section: TokenSection;
  /** Whether the address points at its turn. */
  readonly isMarked: boolean;
}

const writers: Record<TokenSection["kind"], string> = {
  prompt: "prompt and question",
  action: "action of the policy",
  observation: "observation",
};

/** Who wrote the tokens that follow, and whether they are trained. */
export function SectionHead({ section: { kind, turn, start, end }, isMarked }: SectionHeadProps): ReactNode {
  return (
    <h3 className={styles.section} data-marked={isMarked}>
      <span>
        Turn {turn + 1} · {writers[kind]}
      </span>
      {kind === "action" ? <Badge tone="info">trained</Badge> : <Badge>not trained</Badge>}
      <span className={styles.range}>
        tokens {formatCount(start)}–{formatCount(end - 1)}
      </span>
    </h3>
  );
}
