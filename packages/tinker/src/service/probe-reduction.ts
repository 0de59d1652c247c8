import { LitmusError } from "@litmus/core";
import { atPositions, toWireDatum } from "../wire/shift-tokens.ts";
import type { TokenPositions } from "../wire/shift-tokens.ts";
import type { RemoteModel } from "./remote-model.ts";
import { serverTraits } from "./server-traits.ts";
import type { ServerTraits } from "./server-traits.ts";

/** One token to learn from, and three that have weight and nothing to teach. Ids that every vocabulary has. */
const lesson: TokenPositions = { tokens: [65, 66, 67, 68], positions: [3] };
const ballast: TokenPositions = { tokens: [69, 70, 71, 72], positions: [1, 2, 3] };

/** What the ballast does to the norm of the lesson's gradient. */
const expectedRatio = {
  /** Half as many sequences a lesson. */
  "sequence-mean": 1 / 2,
  "token-sum": 1,
} as const satisfies Readonly<Record<ServerTraits["reduction"], number>>;
/** Half-precision arithmetic, and the mean over all tokens is at 1/4. */
const tolerance = 0.1;

const still = { learningRate: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };

/**
 * Compares how a server adds up token losses with what its name promises: the norm of one lesson's gradient, alone and beside
 * a sequence that teaches nothing. The steps have learning rate 0. The model must be fresh, and is of no use afterwards.
 * @throws LitmusError `incompatible` when the gradient would be another than was asked for
 */
export async function probeReduction(model: RemoteModel, { reduction }: ServerTraits): Promise<void> {
  const alone = await normOf(model, [lesson]);
  const ratio = (await normOf(model, [lesson, ballast])) / alone;
  if (Math.abs(ratio - expectedRatio[reduction]) <= tolerance) return;
  const found = Object.entries(expectedRatio).find(([, expected]) => Math.abs(ratio - expected) <= tolerance)?.[0];
  const fitting = Object.entries(serverTraits).flatMap(([name, traits]) => (traits.reduction === found ? [name] : []));
  throw new LitmusError(
    "incompatible",
    `the Tinker server adds losses up as ${found ?? "none that is known"}, not as ${reduction}`,
    {
      path: "trainer.server",
      hint:
        fitting.length === 0
          ? `a sequence that teaches nothing changed a gradient's norm by the factor ${ratio.toPrecision(3)}`
          : `servers that do are named ${fitting.join(" or ")}`,
    },
  );
}

async function normOf(model: RemoteModel, data: readonly TokenPositions[]): Promise<number> {
  const logProbs = await model.forward(data.map((datum) => toWireDatum(datum)));
  const surrogate = data.map((datum, i) => {
    const advantages = datum.positions.map(() => (datum === lesson ? 1 : 0));
    return toWireDatum(datum, { logProbs: atPositions(datum, logProbs[i] ?? []), advantages });
  });
  await model.forwardBackward(surrogate, "importance_sampling");
  const norm = await model.optimizerStep(still, null);
  if (norm > 0 && Number.isFinite(norm)) return norm;
  throw new LitmusError("incompatible", `the Tinker server gave a lesson the gradient norm ${norm}`, {
    hint: "its importance_sampling loss must have a gradient at ratio 1",
  });
}
