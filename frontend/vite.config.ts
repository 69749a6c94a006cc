import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// The server reads manifest.json (src/jasyl/portal/assets.py) and serves the folder under /static/.
export default defineConfig({
  base: "/static/",
  plugins: [svelte({ compilerOptions: { runes: true } })],
  build: {
    outDir: "../src/jasyl/portal/static",
    emptyOutDir: true,
    manifest: "manifest.json",
    // The notices that the licences of the bundled packages ask for.
    license: { fileName: "licences.md" },
    // Nothing as data: addresses, so that the content security policy can stay narrow and hashes are visible.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ["chrome111", "edge111", "firefox114", "safari16.4"],
    rolldownOptions: { input: "src/main.ts" },
    chunkSizeWarningLimit: 1200,
  },
  worker: { format: "es" },
  // The contrast test reads the style sheet itself.
  test: { css: true },
});
