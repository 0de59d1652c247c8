import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm run dev` finds a running `litmus serve`. */
const server = "http://127.0.0.1:4780";

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2023",
    // A data: address would need an exception in the content security policy for scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        chunkFileNames: ({ name }) => assetName(name, "js"),
        assetFileNames: ({ names: [name = ""] }) => assetName(name, "[ext]"),
        codeSplitting: {
          // What pages share comes in a few files, not in thirty: a browser asks for six at a time, and for the data after them.
          groups: [
            { name: "index", tags: ["$initial"], priority: 1 },
            { name: "shared", minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 100_000 },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    strictPort: true, // The server takes no writes from another page, and this one has another port.
    proxy: { "/api": { target: server, changeOrigin: true, headers: { origin: server } } },
  },
});

/** Without the list of all pages that share it. */
function assetName(name: string, extension: string): string {
  return `assets/${name.replace(/~.*|\.\w+$/, "")}-[hash].${extension}`;
}
