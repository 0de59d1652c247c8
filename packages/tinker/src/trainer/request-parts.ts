/** A request's body stays in the megabytes: a token takes about 40 bytes of JSON, and one string of all would be too long. */
const maxRequestTokens = 2 ** 17;

/**
 * Sequences in their order, in as few requests as `maxTokens` allows; a longer sequence has one of its own. Servers add the
 * gradients of several requests up until the optimiser steps.
 * @param lengthOf tokens of a sequence
 */
export function inRequests<T>(
  sequences: readonly T[],
  lengthOf: (sequence: T) => number,
  maxTokens = maxRequestTokens,
): T[][] {
  const parts: T[][] = [];
  let room = 0;
  for (const sequence of sequences) {
    const length = lengthOf(sequence);
    if (parts.length === 0 || length > room) {
      parts.push([]);
      room = maxTokens;
    }
    parts.at(-1)?.push(sequence);
    room -= length;
  }
  return parts;
}
