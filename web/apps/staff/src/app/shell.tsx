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
import { useLive } from "@tianmu/api/live";
import { AppFrame } from "@tianmu/ui/app-frame";
import { LoadingState } from "@tianmu/ui/loading-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Layout, Menu } from "antd";
import { type ReactNode, Suspense, useMemo, useState } from "react";
import { Link, Outlet, useLocation, useNavigation } from "react-router";
import { NoticeBell } from "../features/service/notices/notice-bell";
import { AccountMenu } from "../features/session/account-menu";
import { useMe } from "../features/session/session-context";
import { LiveContext } from "./live-context";
import { menuFor } from "./menu";
import { can } from "./permissions";
import { LanguageSwitch } from "./language-switch";
import "./shell.css";

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

export function Shell() {
  return (
    <AppFrame>
      <ShellBody />
    </AppFrame>
  );
}

function ShellBody() {
  const me = useMe();
  const t = useT();
  const location = useLocation();
  const navigation = useNavigation();
  const [collapsed, setCollapsed] = useState(false);
  const live = useLive(true);
  const groups = useMemo(() => menuFor(me), [me]);
  const paths = groups.flatMap((group) => group.entries.map((entry) => entry.path));
  const selected = paths
    .filter((path) => location.pathname === path || location.pathname.startsWith(`${path}/`))
    .sort((a, b) => b.length - a.length)[0];
  // Reading a trace and filling in an inspection need the whole width: no side menu there.
  const wide =
    location.pathname.startsWith("/ecg/read/") || /^\/service\/inspections\/[^/]+\/fill$/.test(location.pathname);
  return (
    <LiveContext value={live}>
      <Layout className="shell">
        <Layout.Header className="shell-header">
          <Link to="/" className="shell-brand" aria-label={t("天目首页", "Tianmu home")}>
            <img src="/tianmu.svg" alt="" width={26} height={26} />
            <b>{t("天目", "Tianmu")}</b>
            <span>{t("区域智慧医疗", "Regional healthcare")}</span>
          </Link>
          <div className="shell-tools">
            <span className="shell-org" title={me.organisation?.name}>
              {me.organisation?.name ?? ""}
              {me.department ? ` · ${me.department}` : ""}
            </span>
            {can(me, "readTickets") ? <NoticeBell /> : null}
            <LanguageSwitch />
            <AccountMenu />
          </div>
        </Layout.Header>
        {navigation.state === "loading" ? (
          <div className="shell-progress" role="progressbar" aria-label={t("加载中", "Loading")} />
        ) : null}
        <Layout className="shell-body">
          {wide ? null : (
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
          )}
          <Layout.Content className={wide ? "shell-content shell-wide" : "shell-content"} role="main">
            <Suspense fallback={<LoadingState />}>
              <Outlet />
            </Suspense>
          </Layout.Content>
        </Layout>
      </Layout>
    </LiveContext>
  );
}
