import { type FileHandle, open, rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { type CorpusRecord, type Failure, LitmusError, toLitmusError } from "@litmus/core";

/** Records that an index does not hold, with the reason: one JSON object a line. Where there are none, no file is left. */
export class DeadLetterFile {
  readonly #file: FileHandle;
  readonly #path: string;

  private constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /**
   * Opens the file of a build, which held so many lines at its last checkpoint: later ones are cut off, since their
   * records are sent again.
   * @throws LitmusError `conflict` when there are fewer; errors of the file system
   */
  static async open(path: string, lines: number): Promise<DeadLetterFile> {
    const file = await open(path, "a+").catch((error: unknown) => Promise.reject(toLitmusError(error)));
    try {
      await file.truncate(await endOfLine(file, path, lines));
      return new DeadLetterFile(file, path);
    } catch (error) {
      await file.close();
      throw toLitmusError(error);
    }
  }

  async append(record: CorpusRecord, { code, message }: Failure): Promise<void> {
    await this.#file.appendFile(`${JSON.stringify({ recordId: record.id, code, message, record })}\n`);
  }

  /** Resolves when all lines are on the disk. */
  async sync(): Promise<void> {
    await this.#file.datasync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { size } = await this.#file.stat();
    await this.#file.close();
    if (size === 0) await rm(this.#path, { force: true });
  }
}

/** Bytes of the first lines. */
async function endOfLine(file: FileHandle, path: string, lines: number): Promise<number> {
  if (lines === 0) return 0;
  let [read, bytes] = [0, 0];
  const input = file.createReadStream({ start: 0, autoClose: false, encoding: "utf8" });
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    bytes += Buffer.byteLength(line) + 1;
    read++;
    if (read === lines) return bytes;
  }
  throw new LitmusError("conflict", `${path} holds ${read} rejected records, and the build has noted ${lines}`, {
    path,
    hint: "Give the file that this build began with, or delete its unfinished index to build anew.",
  });
}
