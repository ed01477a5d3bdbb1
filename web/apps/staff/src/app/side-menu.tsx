import {
  AccountBookOutlined,
  AlertOutlined,
  ApartmentOutlined,
  AuditOutlined,
  BulbOutlined,
  CalendarOutlined,
  CustomerServiceOutlined,
  DashboardOutlined,
  DatabaseOutlined,
  FileDoneOutlined,
  FileSearchOutlined,
  FormOutlined,
  HddOutlined,
  HeartOutlined,
  HeatMapOutlined,
  InboxOutlined,
  MailOutlined,
  MergeCellsOutlined,
  SafetyCertificateOutlined,
  ReadOutlined,
  ScheduleOutlined,
  SearchOutlined,
  TeamOutlined,
  UnorderedListOutlined,
  UserAddOutlined,
} from "@ant-design/icons";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Layout, Menu } from "antd";
import { type ReactNode, useMemo, useState } from "react";
import { Link, useLocation } from "react-router";
import { useMe } from "../features/session/session-context";
import { menuFor } from "./menu";

const ICONS: Record<string, ReactNode> = {
  "/ecg/worklist": <HeartOutlined />,
  "/ecg/new": <FormOutlined />,
  "/ecg/exams": <UnorderedListOutlined />,
  "/patients": <SearchOutlined />,
  "/patients/new": <UserAddOutlined />,
  "/patients/duplicates": <MergeCellsOutlined />,
  "/service/tickets": <CustomerServiceOutlined />,
  "/service/intake": <InboxOutlined />,
  "/service/knowledge": <ReadOutlined />,
  "/service/dashboard": <DashboardOutlined />,
  "/service/health": <HeatMapOutlined />,
  "/service/incidents": <AlertOutlined />,
  "/service/requirements": <BulbOutlined />,
  "/service/corrections": <DatabaseOutlined />,
  "/service/settlement": <AccountBookOutlined />,
  "/service/contracts": <AuditOutlined />,
  "/service/roster": <CalendarOutlined />,
  "/service/inspections": <FileDoneOutlined />,
  "/service/duties": <SafetyCertificateOutlined />,
  "/service/equipment": <HddOutlined />,
  "/admin/organisations": <ApartmentOutlined />,
  "/admin/staff": <TeamOutlined />,
  "/admin/roles": <SafetyCertificateOutlined />,
  "/admin/audit": <FileSearchOutlined />,
  "/admin/jobs": <ScheduleOutlined />,
  "/admin/notify": <MailOutlined />,
};

export function SideMenu() {
  const me = useMe();
  const t = useT();
  const location = useLocation();
  const [collapsed, setCollapsed] = useState(false);
  const groups = useMemo(() => menuFor(me), [me]);
  const paths = groups.flatMap((group) => group.entries.map((entry) => entry.path));
  const selected = paths
    .filter((path) => location.pathname === path || location.pathname.startsWith(`${path}/`))
    .sort((a, b) => b.length - a.length)[0];
  return (
    <Layout.Sider
      width={176}
      collapsedWidth={56}
      theme="light"
      collapsible
      breakpoint="md"
      collapsed={collapsed}
      onCollapse={setCollapsed}
    >
      <nav aria-label={t("主菜单", "Main menu")} className="shell-menu">
        <Menu
          mode="inline"
          selectedKeys={selected ? [selected] : []}
          items={groups.map((group) => ({
            type: "group" as const,
            key: group.key,
            label: collapsed ? null : t(group.zh, group.en),
            children: group.entries.map((entry) => ({
              key: entry.path,
              icon: ICONS[entry.path],
              label: <Link to={entry.path}>{t(entry.zh, entry.en)}</Link>,
            })),
          }))}
        />
      </nav>
    </Layout.Sider>
  );
}
