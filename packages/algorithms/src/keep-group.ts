/** Whether a group that lost members to failures is still used: at least half of it, and at least two, remain. */
export function keepGroup(members: number, survivors: number): boolean {
  return survivors >= 2 && survivors * 2 >= members;
}
