import { LitmusError } from "@litmus/core";

/** Where servers of one API differ without saying so. */
export interface ServerTraits {
  /**
   * How token losses become a gradient: `sequence-mean` divides by Σ weights of each sequence and by the number of
   * sequences of an update (skyrl on JAX); `token-sum` adds up (the hosted service, skyrl on Megatron).
   */
  readonly reduction: "sequence-mean" | "token-sum";
  /** Whether `grad_clip_norm` is obeyed; else it is dropped without a word: skyrl on Megatron clips to a norm of its own. */
  readonly clipsGradient: boolean;
  /** Whether `optimizer: false` keeps the moments out of a loaded state; else it is dropped without a word. */
  readonly loadsWithoutOptimizer: boolean;
}

/**
 * Known servers by name: a config names one, and a run's server is tried against its reduction before anything begins.
 * `skyrl-megatron` as read in SkyRL at a9564572; no run of it was seen.
 */
export const serverTraits = {
  skyrl: { reduction: "sequence-mean", clipsGradient: false, loadsWithoutOptimizer: false },
  "skyrl-megatron": { reduction: "token-sum", clipsGradient: false, loadsWithoutOptimizer: false },
  hosted: { reduction: "token-sum", clipsGradient: true, loadsWithoutOptimizer: true },
} as const satisfies Readonly<Record<string, ServerTraits>>;

export type ServerName = keyof typeof serverTraits;

/** @throws LitmusError `invalid-config` for a name that is not known */
export function traitsOf(server: string): ServerTraits {
  if (Object.hasOwn(serverTraits, server)) return serverTraits[server as ServerName];
  throw new LitmusError("invalid-config", `"${server}" is no known Tinker server`, {
    path: "server",
    hint: `take one of ${Object.keys(serverTraits).join(", ")}`,
  });
}
