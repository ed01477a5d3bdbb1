/** Starts Chromium on a page of this package served by Vite. `CHROMIUM` names another browser binary. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { createServer } from "vite";

const FLAGS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(
    " ",
  );
export const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";

export function hasChromium() {
  return existsSync(EXECUTABLE);
}

/** Serves the package's folder, opens `path`, calls `work(page)`, and closes everything again. */
export async function withPage(path, viewport, work) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const server = await createServer({
    configFile: false,
    root,
    logLevel: "error",
    server: { port: 0, host: "127.0.0.1" },
    optimizeDeps: { noDiscovery: true },
  });
  await server.listen();
  const address = server.httpServer?.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });
  try {
    const page = await browser.newPage({ viewport });
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(`http://127.0.0.1:${port}/${path}`);
    const result = await work(page);
    if (errors.length > 0) throw new Error(`errors on the page: ${errors.join("; ")}`);
    return result;
  } finally {
    await browser.close();
    await server.close();
  }
}
