import { BellOutlined } from "@ant-design/icons";
import type { ServiceNotice } from "@tianmu/api/wire";
import { EmptyState } from "@tianmu/ui/empty-state";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Badge, Button, Popover } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useReadAllNotices } from "./api/use-read-all-notices";
import { useReadNotice } from "./api/use-read-notice";
import { useUnreadNotices } from "./api/use-unread-notices";
import { noticePath, noticeText } from "./lib/notice-text";
import "../components/service.css";

/** The bell in the head of the page: unread notices, newest first. */
export function NoticeBell() {
  const t = useT();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const notices = useUnreadNotices().data?.items ?? [];
  const read = useReadNotice();
  const readAll = useReadAllNotices();
  const go = (notice: ServiceNotice) => {
    read.mutate(notice.id);
    setOpen(false);
    const path = noticePath(notice);
    if (path) navigate(path);
  };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomRight"
      content={
        <div style={{ width: 340 }}>
          <div style={{ maxHeight: 380, overflow: "auto" }}>
            {notices.length === 0 ? <EmptyState text={t("没有未读提醒。", "Nothing unread.")} /> : null}
            {notices.map((notice) => (
              <button key={notice.id} type="button" className="notice-line" onClick={() => go(notice)}>
                <span>{noticeText(notice, t)}</span>
                <span className="tm-muted tm-num">{dateTime(notice.at)}</span>
              </button>
            ))}
          </div>
          <div style={{ display: "flex", justifyContent: "space-between", marginTop: 6 }}>
            <Button
              type="link"
              size="small"
              onClick={() => {
                setOpen(false);
                navigate("/notices");
              }}
            >
              {t("全部提醒与接收设置", "All notices and settings")}
            </Button>
            {notices.length > 0 ? (
              <Button type="link" size="small" onClick={() => readAll.mutate()}>
                {t("全部标为已读", "Mark all as read")}
              </Button>
            ) : null}
          </div>
        </div>
      }
    >
      <Badge count={notices.length} size="small" overflowCount={99}>
        <Button
          type="text"
          icon={<BellOutlined style={{ color: "#fff" }} />}
          aria-label={t(`提醒，${notices.length} 条未读`, `Notices, ${notices.length} unread`)}
        />
      </Badge>
    </Popover>
  );
}
