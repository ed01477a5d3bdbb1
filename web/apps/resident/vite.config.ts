import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";

const server = process.env.TIANMU_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/resident/",
  plugins: [
    react(),
    VitePWA({
      registerType: "autoUpdate",
      injectRegister: "script-defer",
      manifest: {
        id: "/resident/",
        name: "天目健康",
        short_name: "天目健康",
        description: "查看本人的心电图报告",
        lang: "zh-CN",
        start_url: "/resident/",
        scope: "/resident/",
        display: "standalone",
        orientation: "any",
        theme_color: "#0b63a5",
        background_color: "#ffffff",
        icons: [
          { src: "icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "icon-512.png", sizes: "512x512", type: "image/png" },
          { src: "icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
      },
      workbox: {
        // Only the program itself is kept on the phone. No route for /api: what is personal is never stored.
        globPatterns: ["**/*.{js,css,html,svg,png,webmanifest}"],
        navigateFallback: "/resident/index.html",
        navigateFallbackDenylist: [/^\/api\//],
        runtimeCaching: [],
        cleanupOutdatedCaches: true,
      },
    }),
  ],
  build: { target: "chrome109", sourcemap: false },
  server: { port: 5174, proxy: { "/api": { target: server, changeOrigin: false } } },
});
