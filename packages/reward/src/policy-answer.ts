import { fail, isOfChatModel, succeed, type Failure, type Outcome, type Trajectory } from "@litmus/core";

const inconsistent = (message: string): Failure => ({
  boundary: "reward",
  code: "inconsistent-record",
  message,
  retryable: false,
});

const collapse = (text: string): string => text.replace(/\s+/gu, " ").trim();

function checkAnswer(trajectory: Trajectory, answer: string): string | null {
  const last = trajectory.turns.at(-1);
  if (last?.action.type !== "answer") return "the record holds an answer, but its last action is not one";
  if (last.action.answer !== answer) return "the answer of the record differs from that of its last action";
  if (!collapse(last.actionText).includes(collapse(answer)))
    return "the answer does not occur in the text of the last action";
  // A chat model's tokens are not known: its text alone says what it wrote.
  if (isOfChatModel(trajectory)) return null;
  const written = trajectory.segments.some((s) => s.kind === "action" && s.turn === last.index && s.end > s.start);
  return written ? null : "no action tokens belong to the turn that answers";
}

/**
 * The answer that the policy itself wrote in its last action, or null where it gave none.
 * Retrieved text can never be it: a record that says otherwise is a failure, and is not scored.
 */
export function policyAnswer(trajectory: Trajectory): Outcome<string | null> {
  const { answer, turns, outcome } = trajectory;
  if (answer !== null) {
    const problem = checkAnswer(trajectory, answer);
    return problem === null ? succeed(answer) : fail(inconsistent(problem));
  }
  if (turns.at(-1)?.action.type === "answer")
    return fail(inconsistent("the last action answers, but the record holds no answer"));
  const completed = outcome.type === "stopped" && outcome.reason === "completed";
  return completed ? fail(inconsistent("the episode completed without an answer")) : succeed(null);
}
