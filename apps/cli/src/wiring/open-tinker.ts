import { isReinforcement, type ExperimentConfig } from "@litmus/experiment";
import { checkTinkerServer, connectTinker, type RemoteLora, type TinkerService } from "@litmus/tinker";
import { environment } from "../environment.ts";
import type { Reporter } from "../output/reporter.ts";

export type TinkerConfig = Extract<ExperimentConfig["trainer"], { engine: "tinker" }>;

/** How long a server that is starting is waited for before a run is refused. */
const startMs = 60_000;

/** The server that a config names, with a session on it. */
export function openTinker(
  { server, urlVariable, keyVariable, baseModel }: TinkerConfig,
  { patienceMs }: { readonly patienceMs?: number } = {},
): Promise<TinkerService> {
  return connectTinker({
    url: environment.named(urlVariable, "trainer.urlVariable"),
    apiKey: keyVariable === undefined ? null : environment.named(keyVariable, "trainer.keyVariable"),
    baseModel,
    server,
    ...(patienceMs === undefined ? {} : { patienceMs }),
  });
}

export const loraOf = ({ trainer, seed }: ExperimentConfig): RemoteLora => ({
  rank: (trainer as TinkerConfig).lora.rank,
  seed,
});

/**
 * Tries the server that samples and trains for an experiment, before anything is fetched or sampled: it must serve the base, hold
 * the models that the run needs at once, score what it samples as it sampled it, and, with stages, add losses up as its name
 * promises. The models of workers are not counted: how many there will be is not known.
 * @throws LitmusError `incompatible` or `unavailable`; other engines are not asked
 */
export async function checkTinker(config: ExperimentConfig, reporter: Pick<Reporter, "note">): Promise<void> {
  const { trainer, limits } = config;
  if (trainer.engine !== "tinker" || config.policy.engine !== "tinker") return;
  const service = await openTinker(trainer, { patienceMs: startMs });
  try {
    const models = modelsOf(config);
    const needs = { lora: loraOf(config), models, maxKlNats: limits.samplerTrainerKl };
    const { klNats, sampledTokens } = await checkTinkerServer(service, needs);
    reporter.note(
      `the Tinker server holds ${models} models of ${trainer.baseModel}; sampling and scoring differ by ${klNats.toExponential(1)} nats a token over ${sampledTokens} tokens${withWorkers(config)}`,
    );
  } finally {
    await service.close();
  }
}

const withWorkers = ({ queue }: ExperimentConfig): string =>
  queue.engine === "bullmq" ? "; each worker holds up to two models more, which were not tried" : "";

/** The sampler's, its successor's while versions change, the trainer's, and the one that distances are measured from. */
function modelsOf({ stages }: ExperimentConfig): number {
  if (stages.length === 0) return 1;
  const isCompared = stages.some((stage) => isReinforcement(stage) && (stage.kl !== null || stage.staleness > 0));
  return isCompared ? 4 : 3;
}
