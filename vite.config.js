import { copyFileSync, mkdirSync } from "node:fs";
import { defineConfig } from "vite";
import { positionRules } from "./services/portal/assets/positions.js";

const output = "services/portal/static/build";

// The classes that place bars on the board are made here, not written by hand.
const positions = {
  name: "positions",
  resolveId: (id) => (id === "virtual:positions.css" ? "\0positions.css" : null),
  load: (id) => (id === "\0positions.css" ? positionRules() : null),
};

// The API's docs page is served from our own files as they were published.
const swagger = {
  name: "swagger",
  writeBundle() {
    mkdirSync(`${output}/swagger`, { recursive: true });
    for (const file of ["swagger-ui.css", "swagger-ui-bundle.js"]) {
      copyFileSync(`node_modules/swagger-ui-dist/${file}`, `${output}/swagger/${file}`);
    }
  },
};

export default defineConfig({
  publicDir: false,
  plugins: [positions, swagger],
  build: {
    outDir: output,
    emptyOutDir: true,
    manifest: "manifest.json",
    target: ["chrome87", "safari14", "firefox78"],
    modulePreload: false,
    // htmx holds an eval that it never reaches: its configuration says allowEval: false.
    rollupOptions: {
      checks: { eval: false },
      // The board fetches neither what only other pages need, nor the dress of tablets and the hall.
      input: [
        "services/portal/assets/main.js", "services/portal/assets/apart.css", "services/portal/assets/styles/screen.css",
      ],
    },
  },
});
