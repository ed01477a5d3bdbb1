import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const server = process.env.TIANMU_URL ?? "http://127.0.0.1:8080";

/** The application is started by a small first module: without this, the browser would learn of the rest only from it. */
function preloadStart(): Plugin {
  return {
    name: "preload-start",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        if (!bundle) return [];
        const wanted = new Set<string>();
        const want = (file: string) => {
          const chunk = bundle[file];
          if (chunk?.type !== "chunk" || wanted.has(file)) return;
          wanted.add(file);
          for (const imported of chunk.imports) want(imported);
        };
        for (const chunk of Object.values(bundle)) {
          if (chunk.type === "chunk" && chunk.facadeModuleId?.endsWith("/app/start.tsx")) want(chunk.fileName);
        }
        return [...wanted].map((file) => ({
          tag: "link",
          attrs: { rel: "modulepreload", crossorigin: true, href: `/${file}` },
          injectTo: "head" as const,
        }));
      },
    },
  };
}

export default defineConfig({
  plugins: [react(), preloadStart()],
  build: { target: "chrome109", sourcemap: false },
  server: { port: 5173, proxy: { "/api": { target: server, changeOrigin: false } } },
  preview: { port: 4173, proxy: { "/api": { target: server, changeOrigin: false } } },
});
