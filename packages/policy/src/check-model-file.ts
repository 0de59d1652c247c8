import { access } from "node:fs/promises";
import { LitmusError, sha256OfFile } from "@litmus/core";
import type { Sha256 } from "@litmus/core";

export interface NamedModel {
  readonly modelPath: string;
  readonly modelSha256: Sha256;
}

/** @throws LitmusError `not-found` when a model file cannot be read */
export async function refuseMissingModel(path: string): Promise<void> {
  await access(path).catch((cause: unknown) => {
    throw new LitmusError("not-found", `the model file ${path} cannot be read`, {
      hint: "litmus doctor fetches the model",
      cause,
    });
  });
}

/** @throws LitmusError `corrupt-file` when a model file is not the one that is meant */
export async function checkModelHash({ modelPath, modelSha256 }: NamedModel): Promise<void> {
  const actual = await sha256OfFile(modelPath);
  if (actual === modelSha256) return;
  throw new LitmusError("corrupt-file", `${modelPath} has the SHA-256 ${actual}, not ${modelSha256}`, {
    hint: "fetch the model again",
  });
}
