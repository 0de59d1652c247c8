import { join } from "node:path";
import { isChatPolicy, type Policy, type RunRecord, type Tokenizer } from "@litmus/core";
import { experimentSchema, loadConfig, type ExperimentConfig } from "@litmus/experiment";
import { createScriptedTokenizer, loadTokenizer, type LoadedTokenizer } from "@litmus/policy";
import type { SpellTokens } from "@litmus/server";
import { cachedModelFile } from "../open-model.ts";

type SampledWith = Parameters<SpellTokens>[0];

interface SpellingOptions {
  /** Folder of the runs. */
  readonly directory: string;
  /** A policy that is loaded already, whose vocabulary is used where it is the one. */
  readonly loaded?: () => Policy | null;
}

/** Vocabularies in memory, at most; one of 262,144 tokens takes some 100 MB. */
const mostKept = 2;

/** Spells ids with the vocabularies of models that are here. Each is read when it is first needed; nothing is fetched. */
export function createSpelling({ directory, loaded = () => null }: SpellingOptions): SpellTokens & AsyncDisposable {
  const kept = new Map<string, Promise<LoadedTokenizer | null>>();
  const tokenizerOf = async (policy: SampledWith, run: RunRecord): Promise<Tokenizer | null> => {
    if (policy.engine.startsWith("chat:")) return null;
    if (policy.engine === "scripted") return createScriptedTokenizer();
    const own = loaded();
    if (own !== null && !isChatPolicy(own) && own.identity().modelSha256 === policy.modelSha256) return own.tokenizer;
    const opening = kept.get(policy.modelSha256) ?? openVocabulary(directory, run);
    kept.delete(policy.modelSha256);
    kept.set(policy.modelSha256, opening);
    // What failed, or was not there, may be there the next time.
    const opened = await opening.catch((cause: unknown) => (kept.delete(policy.modelSha256), Promise.reject(cause)));
    if (opened === null) kept.delete(policy.modelSha256);
    for (const [key, older] of [...kept].slice(0, -mostKept)) {
      kept.delete(key);
      await disposeOf(older);
    }
    return opened?.tokenizer ?? null;
  };
  const spell: SpellTokens = async (policy, run, ids) => {
    const tokenizer = await tokenizerOf(policy, run);
    return tokenizer === null ? null : ids.map((id) => spelled(tokenizer, id));
  };
  return Object.assign(spell, {
    [Symbol.asyncDispose]: async () => void (await Promise.all([...kept.values()].map(disposeOf))),
  });
}

const disposeOf = async (opening: Promise<LoadedTokenizer | null>): Promise<void> =>
  (await opening.catch(() => null))?.dispose();

/** A control id stands for no text: its name is shown. */
function spelled(tokenizer: Tokenizer, id: number): string {
  if (!tokenizer.isControl(id)) return tokenizer.decode([id]);
  const { beginOfSequence, endOfSequence, endOfTurn, startOfTurn } = tokenizer.special;
  if (id === beginOfSequence) return "<bos>";
  if (id === endOfSequence) return "<eos>";
  if (id === startOfTurn) return "<start of turn>";
  return id === endOfTurn ? "<end of turn>" : `<control ${id}>`;
}

async function openVocabulary(directory: string, run: RunRecord): Promise<LoadedTokenizer | null> {
  const runDirectory = join(directory, run.id);
  const model = await modelOf(runDirectory, run);
  const path = model === null ? null : await cachedModelFile(model, runDirectory);
  return path === null ? null : loadTokenizer(path);
}

/** The config beside the run's files has absolute paths; the stored one will do for a model in the cache. */
async function modelOf(runDirectory: string, run: RunRecord): Promise<ExperimentConfig["model"] | null> {
  const beside = await loadConfig(join(runDirectory, "config.yaml")).catch(() => null);
  return beside?.config.model ?? experimentSchema.safeParse(run.config).data?.model ?? null;
}
