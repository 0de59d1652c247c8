import type { CheckpointRecord } from "@litmus/core";
import type { CataloguedRun } from "../../reads/run-catalogue.ts";
import { evaluatedVersion } from "../run/run-evaluations.ts";
import type { StoreReads } from "../store-reads.ts";
import type { EvaluatedPolicy, PolicyKey } from "./evaluated-policy.ts";

const known = new WeakMap<CataloguedRun, readonly CheckpointRecord[]>();

/**
 * Keys of trained policies by run and version, of others by what makes them the same. Which version a stage ended with, its
 * checkpoints say: they are read of those runs alone that were scored by `litmus eval` too.
 */
export async function policyKeys(reads: StoreReads, policies: readonly EvaluatedPolicy[]): Promise<PolicyKey> {
  const trained = Map.groupBy(
    policies.filter(({ kind }) => kind === "trained"),
    ({ from }) => from,
  );
  const mixed = [...trained].filter(([, each]) => each.some(isAskedFor) && !each.every(isAskedFor));
  await Promise.all(mixed.map(([from]) => readCheckpoints(reads, from)));
  return ({ from, record, kind, slot }) => {
    if (kind !== "trained") return slot;
    const version = evaluatedVersion(record, known.get(from) ?? []);
    return version === null ? `${slot}:${record.step}` : `${from.run.id} version ${version}`;
  };
}

/** By `litmus eval`, which knows the version. */
const isAskedFor = ({ record }: EvaluatedPolicy): boolean => record.stage.startsWith("eval-");

async function readCheckpoints({ store }: StoreReads, from: CataloguedRun): Promise<void> {
  if (!known.has(from)) known.set(from, await store.checkpoints(from.run.id));
}
