// Which page stands at which address; each is a chunk of its own. Without React, so that the first module of the program
// can fetch the page of an address while the rest is still on its way.
import type { ComponentType } from "react";

export type LoadPage = () => Promise<{ Page: ComponentType }>;

export const PAGES: readonly (readonly [path: string, load: LoadPage])[] = [
  ["ecg/worklist", () => import("../features/ecg/worklist-page")],
  ["ecg/new", () => import("../features/ecg/new-exam-page")],
  ["ecg/exams", () => import("../features/ecg/exams-page")],
  ["ecg/exams/:id", () => import("../features/ecg/exam-page")],
  ["ecg/read/:id", () => import("../features/ecg/reading/reading-page")],
  ["patients", () => import("../features/patients/patients-page")],
  ["patients/new", () => import("../features/patients/register-page")],
  ["patients/duplicates", () => import("../features/patients/duplicates-page")],
  ["patients/duplicates/merge", () => import("../features/patients/merge-page")],
  ["patients/:id", () => import("../features/patients/patient-page")],
  ["service/tickets", () => import("../features/service/tickets/tickets-page")],
  ["service/tickets/:id", () => import("../features/service/tickets/ticket-page")],
  ["service/intake", () => import("../features/service/intake/intake-page")],
  ["service/knowledge", () => import("../features/service/knowledge/knowledge-page")],
  ["service/knowledge/:id", () => import("../features/service/knowledge/article-page")],
  ["service/dashboard", () => import("../features/service/dashboard/dashboard-page")],
  ["service/health", () => import("../features/service/dashboard/health-page")],
  ["service/incidents", () => import("../features/service/incidents/incidents-page")],
  ["service/incidents/:id", () => import("../features/service/incidents/incident-page")],
  ["service/requirements", () => import("../features/service/requirements/requirements-page")],
  ["service/requirements/:id", () => import("../features/service/requirements/requirement-page")],
  ["service/corrections", () => import("../features/service/corrections/corrections-page")],
  ["service/corrections/:id", () => import("../features/service/corrections/correction-page")],
  ["service/settlement", () => import("../features/service/settlement/settlement-page")],
  ["service/contracts", () => import("../features/service/contracts/contracts-page")],
  ["service/roster", () => import("../features/service/roster/roster-page")],
  ["service/duties", () => import("../features/service/duties/duties-page")],
  ["service/inspections", () => import("../features/service/inspections/plan-page")],
  ["service/inspections/:id", () => import("../features/service/inspections/inspection-page")],
  ["service/inspections/:id/fill", () => import("../features/service/inspections/fill-page")],
  ["service/equipment", () => import("../features/service/inspections/equipment-page")],
  ["notices", () => import("../features/service/notices/notices-page")],
  ["admin/organisations", () => import("../features/organisations/organisations-page")],
  ["admin/staff", () => import("../features/staff/staff-page")],
  ["admin/roles", () => import("../features/roles/roles-page")],
  ["admin/audit", () => import("../features/audit/audit-page")],
  ["admin/jobs", () => import("../features/jobs/jobs-page")],
  ["admin/notify", () => import("../features/notify/deliveries-page")],
  ["*", () => import("./not-found")],
];

/** How the page at an address is loaded; null where there is none. */
export function pageAt(pathname: string): LoadPage | null {
  const parts = pathname.split("/").filter(Boolean);
  const fits = (path: string) => {
    const wanted = path.split("/");
    return wanted.length === parts.length && wanted.every((part, n) => part.startsWith(":") || part === parts[n]);
  };
  return PAGES.find(([path]) => fits(path))?.[1] ?? null;
}
