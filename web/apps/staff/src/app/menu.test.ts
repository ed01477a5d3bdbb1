import { describe, expect, it } from "vitest";
import { homePath, menuFor } from "./menu";

const paths = (actions: string[]) => menuFor({ actions }).flatMap((group) => group.entries.map((entry) => entry.path));

describe("the menu follows the actions of the account", () => {
  it("gives a township technician registration and exams, and starts at the new exam", () => {
    const actions = ["patient_search", "patient_register", "ecg_register", "ecg_upload", "ecg_read"];
    expect(paths(actions)).toEqual(["/ecg/new", "/ecg/exams", "/patients", "/patients/new"]);
    expect(homePath({ actions })).toBe("/ecg/new");
  });

  it("gives administrators no clinical menu", () => {
    for (const actions of [["organisation_edit", "job_manage"], ["account_manage", "role_grant"], ["audit_read"]]) {
      expect(menuFor({ actions }).map((group) => group.key)).toEqual(["admin"]);
    }
  });

  it("starts readers at the worklist", () => {
    expect(homePath({ actions: ["ecg_read", "ecg_report"] })).toBe("/ecg/worklist");
  });
});
