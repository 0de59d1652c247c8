import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { LitmusError, policyVersion, sha256, sha256OfFile, type AdapterFile, type Sha256 } from "@litmus/core";
import type { ExperimentConfig } from "@litmus/experiment";
import { readPeftAdapter, writeLoraAdapter } from "@litmus/models";

/** Where an adapter of the config lies, and what it belongs to. */
interface AdapterSource {
  /** As the config names it: a GGUF file or a folder of PEFT, relative to the experiment file. */
  readonly path: string;
  readonly configDirectory: string;
  readonly baseSha256: Sha256;
  /** Folder for the file that a PEFT folder is converted to. */
  readonly directory: string;
}

/** An adapter that a stage imports, as a file that trainer and sampler read. @throws LitmusError as {@link readPeftAdapter} */
export async function openAdapter({
  path,
  configDirectory,
  baseSha256,
  directory,
}: AdapterSource): Promise<AdapterFile> {
  const source = resolve(configDirectory, path);
  if (!(await isFolder(source))) return { adapterPath: source, adapterSha256: await hashOf(source) };
  const adapter = await readPeftAdapter(source, {
    architecture: "gemma3",
    baseSha256,
    parentSha256: null,
    version: policyVersion(0),
  });
  const adapterPath = join(directory, "adapters", `imported-${sha256(source).slice(0, 16)}.gguf`);
  const { sha256: adapterSha256 } = await writeLoraAdapter(adapterPath, adapter);
  return { adapterPath, adapterSha256 };
}

/** Of what stands for them in a manifest. */
export const adapterPrefix = "adapter.";

/** Hashes of all adapters that the stages import, by the stage's number. */
export async function hashAdapters(config: ExperimentConfig, configDirectory: string): Promise<Record<string, Sha256>> {
  const hashes: Record<string, Sha256> = {};
  for (const [index, stage] of config.stages.entries()) {
    if (stage.type !== "import") continue;
    const source = resolve(configDirectory, stage.adapter);
    const files = (await isFolder(source)) ? peftFiles.map((file) => join(source, file)) : [source];
    hashes[`${adapterPrefix}${index}`] = sha256((await Promise.all(files.map(hashOf))).join(" "));
  }
  return hashes;
}

const peftFiles = ["adapter_config.json", "adapter_model.safetensors"];

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

async function hashOf(path: string): Promise<Sha256> {
  return sha256OfFile(path).catch((cause: unknown) => {
    throw new LitmusError("not-found", `the adapter ${path} cannot be read`, {
      path: "stages.adapter",
      hint: "name a GGUF file or a PEFT folder; the path is relative to the experiment file",
      cause,
    });
  });
}
