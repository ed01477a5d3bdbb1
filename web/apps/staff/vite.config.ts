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

/** The first module and what it needs: it must not wait for anything else. */
const FIRST = /[\\/]src[\\/](main|app[\\/]first-questions|app[\\/]page-table|early|tiles)\.ts$|preload-helper/;

export default defineConfig({
  plugins: [react(), preloadStart()],
  build: {
    target: "chrome109",
    sourcemap: false,
    rolldownOptions: {
      // Beside the first module, these are needed by whoever comes, and what they need is one file: left alone, each set of
      // pages that shares something gets a file for it, and a browser that has none spends longer on a hundred than on thirty.
      input: {
        index: "index.html",
        start: "src/app/start.tsx",
        signIn: "src/features/session/sign-in-page.tsx",
        pages: "src/app/pages.tsx",
        shell: "src/app/shell.tsx",
        patient: "../../packages/ui/src/patient-banner.tsx",
      },
      preserveEntrySignatures: false,
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: "first", test: FIRST, priority: 4 },
            { name: "core", tags: ["$initial"], priority: 3 },
            { name: "icons", test: /[\\/]@ant-design[\\/]icons/, minShareCount: 2, priority: 2 },
            // Of the libraries, what more than every third page uses; a page has the rest to itself.
            { name: "parts", test: /[\\/]node_modules[\\/]/, minShareCount: 24, priority: 1 },
          ],
        },
      },
    },
  },
  server: { port: 5173, proxy: { "/api": { target: server, changeOrigin: false } } },
  preview: { port: 4173, proxy: { "/api": { target: server, changeOrigin: false } } },
});
