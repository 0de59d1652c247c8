import { open } from "node:fs/promises";
import { LitmusError, toLitmusError } from "@litmus/core";
import type { AsyncBuffer, FileMetaData } from "hyparquet";

/** A row of a Parquet file, as JSON would hold it: whole numbers are numbers, dates are texts. */
export interface ParquetRow {
  /** From 1. */
  readonly number: number;
  readonly columns: Readonly<Record<string, unknown>>;
}

/** Rows that are in memory at once. */
const batchRows = 5000;

/** Whether a file says at its beginning that it is Parquet; a file that cannot be read is not. */
export async function isParquet(path: string): Promise<boolean> {
  try {
    await using file = await open(path, "r");
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.toString("latin1") === "PAR1";
  } catch {
    // Whoever reads it as text says why.
    return false;
  }
}

/**
 * Streams the rows of a Parquet file, compressed with Snappy or not at all.
 * @throws LitmusError `corrupt-file` for a file that is cut off or damaged, or compressed otherwise
 */
export async function* readParquet(path: string): AsyncGenerator<ParquetRow> {
  // Loaded here, because few files are Parquet.
  const { asyncBufferFromFile, parquetMetadataAsync } = await import("hyparquet");
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch((cause: unknown) => {
    throw damaged(path, cause);
  });
  const rows = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < rows; rowStart += batchRows) {
    const batch = await readBatch(path, { file, metadata, rowStart, rowEnd: Math.min(rows, rowStart + batchRows) });
    for (const [index, columns] of batch.entries()) yield { number: rowStart + index + 1, columns };
  }
}

interface Batch {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly rowStart: number;
  readonly rowEnd: number;
}

async function readBatch(path: string, batch: Batch): Promise<Record<string, unknown>[]> {
  const { parquetReadObjects, toJson } = await import("hyparquet");
  try {
    const rows = await parquetReadObjects(batch);
    return rows.map((row) => toJson(row) as Record<string, unknown>);
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function damaged(path: string, cause: unknown): LitmusError {
  return new LitmusError("corrupt-file", `${path}: the Parquet file cannot be read: ${toLitmusError(cause).message}`, {
    path,
    hint: "Copy or download the file again; of compressions only Snappy is read.",
    cause,
  });
}
