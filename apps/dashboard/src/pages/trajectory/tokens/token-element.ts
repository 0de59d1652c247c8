/** The place of the token that an element shows, or stands in; null of anything else. */
export function tokenOf(target: EventTarget | null): number | null {
  const element = target instanceof Element ? target.closest<HTMLElement>("[data-token]") : null;
  const token = element?.dataset["token"];
  return token === undefined ? null : Number(token);
}

/** The element that shows a token, if it is in the document. */
export const elementOf = (frame: HTMLElement | null, token: number): HTMLElement | null =>
  frame?.querySelector<HTMLElement>(`[data-token="${token}"]`) ?? null;

/**
 * The token on the line above or below that stands nearest to the one given.
 * @returns null where the line is not in the document
 */
export function tokenOnNextLine(frame: HTMLElement | null, token: number, by: 1 | -1): number | null {
  const start = elementOf(frame, token)?.getBoundingClientRect();
  if (start === undefined) return null;
  let lineTop: number | null = null;
  let nearest: { token: number; distance: number } | null = null;
  for (let next = token + by; ; next += by) {
    const box = elementOf(frame, next)?.getBoundingClientRect();
    if (box === undefined) break;
    if (lineTop === null && Math.abs(box.top - start.top) < start.height / 2) continue;
    lineTop ??= box.top;
    if (Math.abs(box.top - lineTop) >= box.height / 2) break;
    const distance = Math.abs(box.left - start.left);
    if (nearest === null || distance < nearest.distance) nearest = { token: next, distance };
  }
  return nearest?.token ?? null;
}
