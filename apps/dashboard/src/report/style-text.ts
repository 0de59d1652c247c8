/** The style of everything that a report is drawn with, the tokens first. */
const common = import.meta.glob<string>(["../style/tokens.css", "../style/base.css"], {
  query: "?inline",
  import: "default",
  eager: true,
});
const modules = import.meta.glob<string>(
  [
    "../components/**/*.module.css",
    "../pages/{run,trajectory}/**/*.module.css",
    "./*.module.css",
    "!../**/tokens.module.css",
  ],
  { query: "?inline", import: "default", eager: true },
);

export const styleText = [common["../style/tokens.css"], common["../style/base.css"], ...Object.values(modules)].join(
  "\n",
);
