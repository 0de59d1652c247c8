import { toLitmusError } from "@litmus/core";
import type { OpenStore } from "@litmus/store";
import type { Reporter } from "../../output/reporter.ts";

/**
 * Takes this process's address out of the lock, before its server closes: others would be sent to where nobody answers. Must not
 * reject, because that server is to be closed all the same.
 */
export async function withdrawServer(
  store: Pick<OpenStore, "tellServer">,
  reporter: Pick<Reporter, "note">,
): Promise<void> {
  await store.tellServer(null).catch((cause: unknown) => {
    reporter.note(`the lock still names this process's address: ${toLitmusError(cause).message}`);
  });
}
