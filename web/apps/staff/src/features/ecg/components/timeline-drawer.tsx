import type { Exam } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { dateTimeSeconds } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Drawer, Tag, Timeline, Typography } from "antd";
import { useVersions } from "../api/use-versions";
import { EVENT_WORDS, STATE_WORDS } from "../lib/words";

const RED = new Set([
  "returned",
  "withdrawn",
  "voided",
  "retake_requested",
  "claim_expired",
  "patient_mismatch_confirmed",
]);

interface TimelineDrawerProps {
  exam: Exam;
  open: boolean;
  onClose: () => void;
  onPdf: (version: number) => void;
}

/** Everything that happened to the exam, and every version of its report. */
export function TimelineDrawer({ exam, open, onClose, onPdf }: TimelineDrawerProps) {
  const t = useT();
  const versions = useVersions(exam.id, open && exam.report !== null);
  const words: Record<string, string> = {
    returned: t("已退回", "Returned"),
    draft: t("草稿", "Draft"),
    signed: t("已签发待审核", "Signed"),
    published: t("已发布", "Published"),
    withdrawn: t("已撤回", "Withdrawn"),
  };
  return (
    <Drawer
      open={open}
      onClose={onClose}
      title={t(`流程与版本 ${exam.exam_number}`, `History ${exam.exam_number}`)}
      size={440}
    >
      {versions.isError ? <ErrorState error={versions.error} onRetry={() => void versions.refetch()} /> : null}
      {versions.data?.items.length ? (
        <section aria-label={t("报告版本", "Report versions")} style={{ marginBottom: 20 }}>
          <Typography.Title level={5}>{t("报告版本", "Report versions")}</Typography.Title>
          {versions.data.items.map((version) => (
            <div key={version.version} className="tm-panel" style={{ padding: "8px 12px", marginBottom: 6 }}>
              <div style={{ display: "flex", gap: 8, alignItems: "center" }}>
                <b>{t(`第 ${version.version} 版`, `Version ${version.version}`)}</b>
                <Tag
                  color={version.state === "published" ? "green" : version.state === "withdrawn" ? "red" : "default"}
                >
                  {words[version.state] ?? version.state}
                </Tag>
                {version.state === "published" || version.state === "withdrawn" ? (
                  <Button size="small" style={{ marginInlineStart: "auto" }} onClick={() => onPdf(version.version)}>
                    PDF
                  </Button>
                ) : null}
              </div>
              <div className="tm-muted" style={{ fontSize: 12 }}>
                {version.signed_by
                  ? t(`判读 ${version.signed_by.name}　`, `Read by ${version.signed_by.name}  `)
                  : null}
                {version.reviewed_by
                  ? t(`审核 ${version.reviewed_by.name}`, `Reviewed by ${version.reviewed_by.name}`)
                  : null}
                {version.withdrawn_reason ? (
                  <div>{t(`撤回原因：${version.withdrawn_reason}`, `Withdrawn: ${version.withdrawn_reason}`)}</div>
                ) : null}
                {version.sm3 ? (
                  <div style={{ overflow: "hidden", textOverflow: "ellipsis" }} title={version.sm3}>
                    SM3 {version.sm3}
                  </div>
                ) : null}
              </div>
            </div>
          ))}
        </section>
      ) : null}
      <Typography.Title level={5}>{t("流程", "What happened")}</Typography.Title>
      <Timeline
        items={[...exam.timeline].reverse().map((entry) => ({
          color: RED.has(entry.event) ? "red" : entry.event === "approved" ? "green" : "blue",
          content: (
            <div>
              <b>{t(...(EVENT_WORDS[entry.event] ?? [entry.event, entry.event]))}</b>
              <span className="tm-muted">　{t(...STATE_WORDS[entry.to_state])}</span>
              <div className="tm-muted tm-num" style={{ fontSize: 12 }}>
                {dateTimeSeconds(entry.at)}　{entry.by ?? t("系统", "System")}　{entry.organisation ?? ""}
              </div>
              {entry.reason ? <div className="tm-pre">{entry.reason}</div> : null}
            </div>
          ),
        }))}
      />
    </Drawer>
  );
}
