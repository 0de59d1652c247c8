import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The module that draws a run's report, for Node, with all that it needs in one file. */
export default defineConfig({
  plugins: [react()],
  publicDir: false,
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  ssr: { noExternal: true },
  build: {
    target: "node24",
    ssr: "src/report/render-report.tsx",
    rolldownOptions: { output: { entryFileNames: "report.js", codeSplitting: false } },
  },
});
