import type { Me } from "@tianmu/api/wire";
import { type Capability, can } from "./permissions";

export interface MenuEntry {
  path: string;
  zh: string;
  en: string;
  needs: Capability[];
}

export interface MenuGroup {
  key: string;
  zh: string;
  en: string;
  entries: MenuEntry[];
}

const GROUPS: MenuGroup[] = [
  {
    key: "ecg",
    zh: "区域心电",
    en: "Regional ECG",
    entries: [
      { path: "/ecg/worklist", zh: "判读工作台", en: "Worklist", needs: ["read", "review"] },
      { path: "/ecg/new", zh: "新建检查", en: "New exam", needs: ["registerExam"] },
      { path: "/ecg/exams", zh: "检查列表", en: "Exams", needs: ["listExams"] },
    ],
  },
  {
    key: "patients",
    zh: "患者",
    en: "Patients",
    entries: [
      { path: "/patients", zh: "患者查询", en: "Find patients", needs: ["findPatients"] },
      { path: "/patients/new", zh: "患者登记", en: "Register", needs: ["registerPatient"] },
      { path: "/patients/duplicates", zh: "疑似重复", en: "Duplicates", needs: ["mergePatients"] },
    ],
  },
  {
    key: "service",
    zh: "运维服务",
    en: "Service",
    entries: [
      { path: "/service/tickets", zh: "服务工单", en: "Tickets", needs: ["readTickets"] },
      { path: "/service/intake", zh: "来件", en: "Inbox", needs: ["workTickets"] },
      { path: "/service/knowledge", zh: "知识库", en: "Knowledge base", needs: ["readTickets"] },
      { path: "/service/dashboard", zh: "服务水平", en: "Service levels", needs: ["readTickets"] },
      { path: "/service/health", zh: "合同履行", en: "Contract health", needs: ["readContracts"] },
      { path: "/service/incidents", zh: "安全事件", en: "Incidents", needs: ["readIncidents"] },
      { path: "/service/requirements", zh: "新增需求", en: "Requirements", needs: ["readRequirements"] },
      { path: "/service/corrections", zh: "数据修改", en: "Data corrections", needs: ["readCorrections"] },
      { path: "/service/settlement", zh: "结算", en: "Settlement", needs: ["readContracts"] },
      { path: "/service/contracts", zh: "服务合同", en: "Contract", needs: ["readContracts"] },
      { path: "/service/roster", zh: "值班与考勤", en: "Duty", needs: ["readRoster"] },
      { path: "/service/inspections", zh: "巡检", en: "Inspections", needs: ["readInspections"] },
      { path: "/service/duties", zh: "安全义务", en: "Security duties", needs: ["readDuties"] },
      { path: "/service/equipment", zh: "设备登记", en: "Equipment", needs: ["readInspections"] },
    ],
  },
  {
    key: "admin",
    zh: "系统管理",
    en: "Administration",
    entries: [
      { path: "/admin/organisations", zh: "组织机构", en: "Organisations", needs: ["viewOrganisations"] },
      { path: "/admin/staff", zh: "人员与账号", en: "Staff", needs: ["viewStaff"] },
      { path: "/admin/audit", zh: "审计日志", en: "Audit log", needs: ["audit"] },
      { path: "/admin/roles", zh: "角色权限", en: "Roles", needs: ["viewRoles"] },
      { path: "/admin/jobs", zh: "后台任务", en: "Jobs", needs: ["jobs"] },
      { path: "/admin/notify", zh: "通知发送", en: "Messages", needs: ["jobs"] },
    ],
  },
];

/** The menu of an account: groups without an allowed entry are left out. */
export function menuFor(me: Pick<Me, "actions">): MenuGroup[] {
  return GROUPS.map((group) => ({
    ...group,
    entries: group.entries.filter((entry) => entry.needs.some((need) => can(me, need))),
  })).filter((group) => group.entries.length > 0);
}

/** Where work begins after sign-in. */
export function homePath(me: Pick<Me, "actions">): string {
  return menuFor(me)[0]?.entries[0]?.path ?? "/nothing-here";
}
