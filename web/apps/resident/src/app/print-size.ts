// Large print: everything is sized in rem-like custom properties, so one attribute on the root enlarges all of it.
const KEY = "tianmu.large-print";

export function isLargePrint(): boolean {
  try {
    return localStorage.getItem(KEY) === "1";
  } catch {
    return false;
  }
}

export function applyPrintSize(): void {
  document.documentElement.dataset.print = isLargePrint() ? "large" : "usual";
}

export function setLargePrint(large: boolean): void {
  try {
    localStorage.setItem(KEY, large ? "1" : "0");
  } catch {
    // Not remembered, but applied below for this visit.
  }
  document.documentElement.dataset.print = large ? "large" : "usual";
}
