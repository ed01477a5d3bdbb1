import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env.TIANMU_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: { target: "chrome109", sourcemap: false },
  server: { port: 5173, proxy: { "/api": { target: server, changeOrigin: false } } },
  preview: { port: 4173, proxy: { "/api": { target: server, changeOrigin: false } } },
});
