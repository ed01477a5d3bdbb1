import { createBrowserRouter, type RouteObject } from "react-router";
import { RouteError } from "./route-error";

/** A page that is loaded when first visited. */
function page(path: string, load: () => Promise<{ Page: React.ComponentType }>): RouteObject {
  return {
    path,
    lazy: async () => ({ Component: (await load()).Page }),
    errorElement: <RouteError />,
  };
}

export const router = createBrowserRouter([
  {
    lazy: async () => ({ Component: (await import("./shell")).Shell }),
    errorElement: <RouteError />,
    hydrateFallbackElement: <div />,
    children: [
      { index: true, lazy: async () => ({ Component: (await import("./home-redirect")).HomeRedirect }) },
      page("ecg/worklist", () => import("../features/ecg/worklist-page")),
      page("ecg/new", () => import("../features/ecg/new-exam-page")),
      page("ecg/exams", () => import("../features/ecg/exams-page")),
      page("ecg/exams/:id", () => import("../features/ecg/exam-page")),
      page("ecg/read/:id", () => import("../features/ecg/reading/reading-page")),
      page("patients", () => import("../features/patients/patients-page")),
      page("patients/new", () => import("../features/patients/register-page")),
      page("patients/duplicates", () => import("../features/patients/duplicates-page")),
      page("patients/duplicates/merge", () => import("../features/patients/merge-page")),
      page("patients/:id", () => import("../features/patients/patient-page")),
      page("service/tickets", () => import("../features/service/tickets/tickets-page")),
      page("service/tickets/:id", () => import("../features/service/tickets/ticket-page")),
      page("service/intake", () => import("../features/service/intake/intake-page")),
      page("service/knowledge", () => import("../features/service/knowledge/knowledge-page")),
      page("service/knowledge/:id", () => import("../features/service/knowledge/article-page")),
      page("service/dashboard", () => import("../features/service/dashboard/dashboard-page")),
      page("service/health", () => import("../features/service/dashboard/health-page")),
      page("service/incidents", () => import("../features/service/incidents/incidents-page")),
      page("service/incidents/:id", () => import("../features/service/incidents/incident-page")),
      page("service/requirements", () => import("../features/service/requirements/requirements-page")),
      page("service/requirements/:id", () => import("../features/service/requirements/requirement-page")),
      page("service/corrections", () => import("../features/service/corrections/corrections-page")),
      page("service/corrections/:id", () => import("../features/service/corrections/correction-page")),
      page("service/settlement", () => import("../features/service/settlement/settlement-page")),
      page("service/contracts", () => import("../features/service/contracts/contracts-page")),
      page("service/roster", () => import("../features/service/roster/roster-page")),
      page("service/duties", () => import("../features/service/duties/duties-page")),
      page("service/inspections", () => import("../features/service/inspections/plan-page")),
      page("service/inspections/:id", () => import("../features/service/inspections/inspection-page")),
      page("service/inspections/:id/fill", () => import("../features/service/inspections/fill-page")),
      page("service/equipment", () => import("../features/service/inspections/equipment-page")),
      page("notices", () => import("../features/service/notices/notices-page")),
      page("admin/organisations", () => import("../features/organisations/organisations-page")),
      page("admin/staff", () => import("../features/staff/staff-page")),
      page("admin/roles", () => import("../features/roles/roles-page")),
      page("admin/audit", () => import("../features/audit/audit-page")),
      page("admin/jobs", () => import("../features/jobs/jobs-page")),
      page("admin/notify", () => import("../features/notify/deliveries-page")),
      page("*", () => import("./not-found")),
    ],
  },
]);
