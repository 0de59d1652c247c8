import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { mutations } from "./mutations.ts";

/** The tests of one mutation, with the mutated source: `LITMUS_MUTATION` is its name. */
const mutation = mutations.find(({ name }) => name === process.env["LITMUS_MUTATION"]);
if (mutation === undefined) throw new Error(`no mutation is named "${process.env["LITMUS_MUTATION"]}"`);
const { file, from, to, tests } = mutation;

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  plugins: [
    {
      name: "mutation",
      enforce: "pre",
      transform: (code, id) => (id.endsWith(`/${file}`) ? code.replace(from, to) : undefined),
    },
  ],
  // A cached module would be that of another mutation.
  test: {
    fsModuleCache: false,
    include: [...tests],
    bail: 1,
    reporters: ["./scripts/closing-line-reporter.ts"],
    watch: false,
  },
});
