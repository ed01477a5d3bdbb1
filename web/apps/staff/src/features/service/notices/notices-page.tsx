import { DataTable } from "@tianmu/ui/data-table";
import { PageHeader } from "@tianmu/ui/page-header";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Badge, Button, Segmented } from "antd";
import { useNavigate } from "react-router";
import { SettingsPanel } from "../../notify/components/settings-panel";
import { useFilters } from "../lib/use-filters";
import { useNotices } from "./api/use-notices";
import { useReadAllNotices } from "./api/use-read-all-notices";
import { useReadNotice } from "./api/use-read-notice";
import { noticePath, noticeText } from "./lib/notice-text";

export function Page() {
  const t = useT();
  const navigate = useNavigate();
  const [params, set] = useFilters();
  const view = params.get("view") ?? "unread";
  const readAll = useReadAllNotices();
  return (
    <>
      <PageHeader
        title={t("提醒", "Notices")}
        actions={
          view === "settings" ? null : (
            <Button loading={readAll.isPending} onClick={() => readAll.mutate()}>
              {t("全部标为已读", "Mark all as read")}
            </Button>
          )
        }
      />
      <Segmented
        style={{ marginBottom: 10 }}
        value={view}
        onChange={(value) => set({ view: value === "unread" ? undefined : value })}
        options={[
          { value: "unread", label: t("未读", "Unread") },
          { value: "all", label: t("全部", "All") },
          { value: "settings", label: t("接收设置", "Settings") },
        ]}
      />
      {view === "settings" ? <SettingsPanel /> : <List unread={view === "unread"} open={navigate} />}
    </>
  );
}

function List({ unread, open }: { unread: boolean; open: (path: string) => unknown }) {
  const t = useT();
  const list = useNotices(unread);
  const read = useReadNotice();
  return (
    <DataTable
      list={list}
      rowKey={(notice) => notice.id}
      label={t("提醒", "Notices")}
      exportName={t("提醒", "notices")}
      empty={unread ? t("没有未读提醒。", "Nothing unread.") : t("没有提醒。", "No notices.")}
      onOpen={(notice) => {
        if (!notice.read_at) read.mutate(notice.id);
        const path = noticePath(notice);
        if (path) open(path);
      }}
      columns={[
        {
          key: "text",
          title: t("内容", "What"),
          render: (notice) => (
            <>
              {notice.read_at ? null : (
                <Badge status="error" title={t("未读", "Unread")} style={{ marginInlineEnd: 6 }} />
              )}
              {noticeText(notice, t)}
            </>
          ),
          text: (notice) => noticeText(notice, t),
        },
        {
          key: "at",
          title: t("时间", "When"),
          width: 132,
          render: (notice) => <span className="tm-num">{dateTime(notice.at)}</span>,
          text: (notice) => dateTime(notice.at),
        },
      ]}
    />
  );
}
