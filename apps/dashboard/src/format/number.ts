/** @file Numbers as the page writes them. The locale is fixed, so that a figure reads the same on every screen and in every export. */

/** Stands for a number that is not there. */
export const noValue = "–";

/** Writes a number; to so many decimals where it is told how many. */
export type NumberFormat = (value: number, decimals?: number) => string;

const minus = "\u2212";

/** A whole number with separators: `12,345`. */
export function formatCount(value: number | null): string {
  return value === null ? noValue : written(value, 0);
}

/** A number to so many decimals, fewer where it is large: `0.0123`, `1.25`, `310`; a tiny one as `5.00e−7`. */
export function formatNumber(value: number | null, decimals?: number): string {
  if (value === null) return noValue;
  if (decimals === undefined && value !== 0 && Math.abs(value) < 1e-4)
    return value.toExponential(2).replaceAll("-", minus);
  return written(value, decimals ?? decimalsOf(value));
}

/** A share as a percentage: 0.375 is `37.5 %`. */
export function formatPercent(share: number | null, decimals = 1): string {
  return share === null ? noValue : `${written(share * 100, decimals)} %`;
}

/** With its sign, so that a difference is known as one: `+3.2`, `−0.4`, `0.0`. */
export function formatSigned(value: number | null, format: (magnitude: number) => string = formatNumber): string {
  if (value === null) return noValue;
  const text = format(Math.abs(value));
  const isZero = !/[1-9]/.test(text);
  if (isZero) return text;
  return `${value < 0 ? minus : "+"}${text}`;
}

/** A large number in few digits, or to so many decimals of its unit: `950`, `12.3 k`, `4.56 M`. */
export function formatCompact(value: number | null, decimals?: number): string {
  if (value === null) return noValue;
  const units = ["", " k", " M", " G", " T"];
  let scaled = value;
  let unit = 0;
  // 999.5 is already written with four digits.
  while (Math.abs(scaled) >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  const fitting = unit === 0 ? 0 : Math.min(2, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(scaled)))));
  return `${written(scaled, decimals ?? fitting)}${units[unit]}`;
}

/** Bytes in powers of 1,000, as disks are sold: `512 B`, `1.40 MB`. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return noValue;
  const text = formatCompact(bytes);
  return /[kMGT]$/.test(text) ? `${text}B` : `${text} B`;
}

function written(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : `${minus}∞`;
  const text = formatOf(decimals).format(Math.abs(value));
  const isNegative = value < 0 && /[1-9]/.test(text);
  return isNegative ? `${minus}${text}` : text;
}

const formats = new Map<number, Intl.NumberFormat>();

/** Making one takes longer than drawing a cell with it, and a table has thousands. */
function formatOf(decimals: number): Intl.NumberFormat {
  const known = formats.get(decimals);
  if (known !== undefined) return known;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const made = new Intl.NumberFormat("en-GB", digits);
  formats.set(decimals, made);
  return made;
}

/** Three significant digits, between none and six decimals; of what is not tiny. */
function decimalsOf(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return Number.isInteger(value) ? 0 : 2;
  if (Number.isInteger(value)) return 0;
  return Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
}
