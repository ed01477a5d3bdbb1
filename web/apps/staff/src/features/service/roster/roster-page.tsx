import { PageHeader } from "@tianmu/ui/page-header";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Tabs } from "antd";
import { can } from "../../../app/permissions";
import { useMe } from "../../session/session-context";
import { useFilters } from "../lib/use-filters";
import { AttendancePanel } from "./components/attendance-panel";
import { DutyCard } from "./components/duty-card";
import { MonthPanel } from "./components/month-panel";
import { PresencePanel } from "./components/presence-panel";
import { TeamPanel } from "./components/team-panel";
import "../components/service.css";
import "./roster.css";

/** Who is there when: the duty of days off, the team, attendance. */
export function Page() {
  const t = useT();
  const me = useMe();
  const [params, set] = useFilters();
  return (
    <>
      <PageHeader title={t("值班与考勤", "Duty and attendance")} />
      <DutyCard />
      <Tabs
        size="small"
        activeKey={params.get("tab") ?? "month"}
        onChange={(key) => set({ tab: key, person: undefined, from: undefined, to: undefined })}
        destroyOnHidden
        items={[
          { key: "month", label: t("休息日值班表", "Duty of days off"), children: <MonthPanel /> },
          { key: "presence", label: t("驻场签到", "On site"), children: <PresencePanel /> },
          { key: "team", label: t("驻场人员", "Team"), children: <TeamPanel /> },
          ...(can(me, "recordAttendance")
            ? [{ key: "attendance", label: t("考勤", "Attendance"), children: <AttendancePanel /> }]
            : []),
        ]}
      />
    </>
  );
}
