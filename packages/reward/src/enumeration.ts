/** What joins several answers in one string. */
const markers: readonly RegExp[] = [
  /(?<![\p{L}\d])(?:and\s*\/\s*or|or)(?![\p{L}\d])/giu,
  /(?<![\p{L}\d])(?:and|plus)(?![\p{L}\d])|&/giu,
  /(?<![\p{L}\d])(?:vs\.?|versus|either|alternatively|aka|i\.e\.)(?![\p{L}\d])/giu,
  /[,،、，](?!\d)|[;；|\n]/gu,
  /\/(?!\d)|／/gu,
];

const count = (text: string, marker: RegExp): number => text.match(marker)?.length ?? 0;

/** Whether the answer joins more alternatives than the golden answer does: "A or B", "A, B and C", "A/B". */
export function enumeratesMore(answer: string, golden: string): boolean {
  return markers.some((marker) => count(answer, marker) > count(golden, marker));
}
