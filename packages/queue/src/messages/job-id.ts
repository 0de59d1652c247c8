import { type GroupKey, sha256 } from "@litmus/core";

/** The id of a group's job: the same in every dispatch. A letter and 32 hexadecimal digits: BullMQ refuses bare numbers and colons. */
export function groupJobId(group: GroupKey): string {
  const { runId, stage, step, purpose, group: index } = group;
  return `g${sha256(JSON.stringify([runId, stage, step, purpose, index])).slice(0, 32)}`;
}
