import { closeSync, fsyncSync, openSync } from "node:fs";
import { EmscriptenBuiltinFilesystem } from "@electric-sql/pglite/basefs";

type Init = EmscriptenBuiltinFilesystem["init"];

/** Where PGlite expects its data inside its own file tree. */
const mountPoint = "/pglite/data";

/** The parts of Emscripten's folder mount that are used here; its own types are not published. */
interface FolderMount {
  readonly stream_ops: { fsync?: (stream: FolderStream) => number };
  realPath(node: unknown): string;
}

interface FolderStream {
  /** Descriptor of a file; a folder has none. */
  readonly nfd?: number;
  readonly node: unknown;
}

/**
 * A folder on disk for PGlite in which `fsync` reaches the disk. PGlite's own folder mount has no `fsync` at all, and starts Postgres
 * with it off: a committed row would survive a killed process but not a power cut.
 */
export class DurableFilesystem extends EmscriptenBuiltinFilesystem {
  readonly root: string;
  readonly sync: (descriptor: number) => void;

  /** @param sync what `fsync` does; it throws when the disk does not take the data */
  constructor(root: string, sync: (descriptor: number) => void = fsyncSync) {
    super(root);
    this.root = root;
    this.sync = sync;
  }

  override async init(...[pglite, options]: Parameters<Init>): ReturnType<Init> {
    this.pg = pglite;
    const mount: NonNullable<typeof options.preRun>[number] = (module) => {
      const folders = module.NODEFS as FolderMount;
      folders.stream_ops.fsync = (stream) => syncToDisk(folders, stream, this.sync);
      module.FS.mkdirTree(mountPoint);
      module.FS.mount(module.NODEFS, { root: this.root }, mountPoint);
    };
    return { emscriptenOpts: { ...options, preRun: [...(options.preRun ?? []), mount] } };
  }

  override async closeFs(): Promise<void> {
    this.pg?.Module.FS.quit();
  }
}

/** Returns 0, or Emscripten's number for an input/output error: Postgres then stops rather than lose a write. */
function syncToDisk(folders: FolderMount, stream: FolderStream, sync: DurableFilesystem["sync"]): number {
  const inputOutputError = 29;
  try {
    if (stream.nfd === undefined) syncFolder(folders.realPath(stream.node));
    else sync(stream.nfd);
    return 0;
  } catch {
    return inputOutputError;
  }
}

/** Makes renames and new files in a folder durable. Windows cannot, and needs not. */
export function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
