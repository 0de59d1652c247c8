import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { downloadWithRetries, publish, type HubDownload } from "./fetch-hub.ts";
import { claimPartial, releasePartial, removeAbandonedPartials, sizeIfThere } from "./partial-file.ts";

/** A file whose hash is not known before. */
export interface HubFile extends HubDownload {
  /** Where the file belongs, alone in its folder: a cut download lies beside it. */
  readonly path: string;
}

/**
 * Downloads a file of a repository, unless it is there; it has its name only when it is whole. Whoever reads it compares its hash.
 * @throws LitmusError `unavailable`, `out-of-space` or `interrupted`
 */
export async function fetchHubFile(request: HubFile): Promise<void> {
  if ((await sizeIfThere(request.path)) > 0) return;
  const directory = dirname(request.path);
  await mkdir(directory, { recursive: true });
  const partial = await claimPartial(directory);
  try {
    await downloadWithRetries(request, partial);
    await publish(partial, request.path, directory);
    await removeAbandonedPartials(directory);
  } finally {
    await releasePartial(partial);
  }
}
