// The first module: small, so that it runs at once. It asks what the page will ask, fetches the page of the address, and
// then starts the application.
import { askFirstQuestions, tracedExam } from "./app/first-questions";
import { pageAt } from "./app/page-table";

const path = window.location.pathname;
// The QR code on a printed report leads to /verify; whoever holds the paper has no account.
if (!path.startsWith("/verify/")) {
  askFirstQuestions(path);
  // Loaded again, and reported, by the router; here it is only begun.
  const load = pageAt(path);
  if (load) {
    const parts: Promise<unknown>[] = [import("./app/pages"), import("./app/shell"), load()];
    if (!tracedExam(path)) parts.push(import("./app/side-menu"), import("./app/head-tools"));
    for (const part of parts) part.catch(() => undefined);
  }
}
void import("./app/start");
