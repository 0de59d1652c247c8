/** @file Rules for what stands between letters and digits: a hyphen beside a letter = a space = nothing. */
import type { NormalizationRule } from "./normalization-rule.ts";

/**
 * Drops a hyphen that touches a letter and joins two parts. Kept: between digits (miR-21-5p, 1-25), as a sign (" -5",
 * "(-)-catechin"), as a charge or a missing marker ("Cl-", "CD4- T cells"), in an exponent (1e-9).
 */
function joinHyphens(text: string): string {
  return text
    .replace(/\s+-\s+/gu, "-")
    .replace(/-{2,}/gu, "-")
    .replace(/(?<!\d\s*e(?=-\d))(?<=\p{L})-(?=[\p{L}\d([])/gu, "")
    .replace(/(?<=[\d'+)\]%])-(?=\p{L})/gu, "")
    .replace(/^-\s*(?=\p{L})|(?<=\s)-(?=\p{L})/gu, "");
}

/** Drops white space, unless it keeps two numbers apart or marks a hyphen as a sign or a charge. */
function joinSpaces(text: string): string {
  return text
    .trim()
    .replace(/\s+/gu, " ")
    .replace(/(?<![\d.,]) (?!-)(?<!- )|(?<=[\d.,]) (?![-+.,\d])/gu, "");
}

/** How letters and digits join. */
export const jointRules: readonly NormalizationRule[] = [
  { name: "hyphens", apply: joinHyphens },
  { name: "white-space", apply: joinSpaces },
];
