import { defineConfig } from "vite";

export default defineConfig({
  root: "dev",
  server: { port: 5199 },
  build: { target: "chrome109", outDir: "../dist-dev", emptyOutDir: true },
});
