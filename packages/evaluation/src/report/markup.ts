/** Text that is safe to write into a page as it is. Only {@link html} makes it, so that nothing else gets through unescaped. */
export interface Markup {
  readonly markup: string;
}

export type Fragment = Markup | string | number | null | readonly Fragment[];

/** Control characters, and marks that reorder or hide what stands beside them. */
const unsafe = /(?![\t\n])\p{Cc}|[\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]|\p{Cs}/gu;
const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Untrusted text as text of a page or value of a quoted attribute; invisible characters become visible. */
export function escapeHtml(text: string): string {
  return text.replace(unsafe, "\uFFFD").replace(/[&<>"'`]/gu, (char) => entities[char] ?? "");
}

function write(fragment: Fragment): string {
  if (fragment === null) return "";
  if (typeof fragment === "string") return escapeHtml(fragment);
  if (typeof fragment === "number") return String(fragment);
  return "markup" in fragment ? fragment.markup : fragment.map(write).join("");
}

/** Markup whose literal parts are ours; every value is escaped unless it is markup itself. Attributes must be quoted. */
export function html(literals: TemplateStringsArray, ...values: readonly Fragment[]): Markup {
  return {
    markup: literals.map((literal, i) => literal + (i < values.length ? write(values[i] ?? null) : "")).join(""),
  };
}
