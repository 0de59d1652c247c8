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
  },
  server: {
    port: 5173,
    strictPort: true, // The server takes no writes from another page, and this one has another port.
    proxy: { "/api": { target: server, changeOrigin: true, headers: { origin: server } } },
  },
});
