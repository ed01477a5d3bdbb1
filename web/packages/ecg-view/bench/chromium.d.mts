import type { Page } from "playwright-core";

export const EXECUTABLE: string;
export function hasChromium(): boolean;
export function withPage<T>(
  path: string,
  viewport: { width: number; height: number },
  work: (page: Page) => Promise<T>,
): Promise<T>;
