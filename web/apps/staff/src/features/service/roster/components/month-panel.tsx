import { DownloadOutlined, FilePdfOutlined } from "@ant-design/icons";
import type { DutyRoster } from "@tianmu/api/wire";
import { EmptyState } from "@tianmu/ui/empty-state";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { download, toCsv } from "@tianmu/ui/lib/csv";
import { dateTime, day } from "@tianmu/ui/lib/time";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, App, Button, Tag } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { Link } from "react-router";
import { DerivationView } from "../../components/derivation";
import { StepButtons } from "../../components/step-buttons";
import { useFilters } from "../../lib/use-filters";
import { useRoster } from "../api/use-roster";
import { useRosterStep } from "../api/use-roster-step";
import { isWeekend, weeks } from "../lib/month";
import { STATE_WORDS, SWAP_WORDS } from "../lib/words";
import { DayDrawer } from "./day-drawer";
import { MonthSwitch } from "./month-switch";

const WEEKDAYS: [string, string][] = [
  ["一", "Mon"],
  ["二", "Tue"],
  ["三", "Wed"],
  ["四", "Thu"],
  ["五", "Fri"],
  ["六", "Sat"],
  ["日", "Sun"],
];

/** A month of duty. */
export function MonthPanel() {
  const t = useT();
  const [params, set] = useFilters();
  const today = day(Date.now());
  const month = params.get("month") ?? today.slice(0, 7);
  const found = useRoster(month);
  const roster = found.data;
  return (
    <>
      <div className="service-filters">
        <MonthSwitch month={month} set={(value) => set({ month: value })} />
        {roster ? (
          <span style={{ alignSelf: "center" }}>
            <Tag color={roster.state === "published" ? "green" : roster.state === "draft" ? "orange" : "default"}>
              {t(...(STATE_WORDS[roster.state] ?? [roster.state, roster.state]))}
            </Tag>
            {roster.published_at ? (
              <span className="tm-muted">
                {dateTime(roster.published_at)} {roster.published_by_name}
              </span>
            ) : roster.due ? (
              <span className={roster.late ? "service-late" : "tm-muted"}>
                {roster.late
                  ? t(`应于 ${roster.due} 前发布，已逾期`, `was due on ${roster.due}`)
                  : t(`应于 ${roster.due} 24:00 前发布`, `due on ${roster.due}, 24:00`)}
              </span>
            ) : null}
          </span>
        ) : null}
        <span style={{ marginInlineStart: "auto", display: "flex", gap: 8 }}>
          <Button
            icon={<DownloadOutlined />}
            disabled={!roster || roster.state === "missing"}
            onClick={() => roster && exportCsv(roster, t)}
          >
            {t("导出表格", "Export CSV")}
          </Button>
          {roster?.state === "published" ? (
            <a href={`/api/v1/service/rosters/${month}/pdf`} target="_blank" rel="noreferrer">
              <Button icon={<FilePdfOutlined />}>{t("值班表 PDF", "Roster PDF")}</Button>
            </a>
          ) : null}
        </span>
      </div>
      {found.isError ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : !roster ? (
        <LoadingState rows={10} />
      ) : (
        <Month roster={roster} today={today} />
      )}
    </>
  );
}

function Month({ roster, today }: { roster: DutyRoster; today: string }) {
  const t = useT();
  const { message } = App.useApp();
  const words = useErrorText();
  const step = useRosterStep(roster.month);
  const [open, setOpen] = useState<string | null>(null);
  const off = new Map(roster.days.map((each) => [each.day, each]));
  const unfilled = roster.days.filter((each) => !each.engineer_id).length;
  const decide = async (swap_id: string, name: "approve_swap" | "decline_swap") => {
    try {
      await step.mutateAsync({ step: name, swap_id });
    } catch (error) {
      message.error(words(error).text);
    }
  };
  return (
    <>
      {roster.blocked ? (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 12 }}
          title={t(
            "这个月的放假通知尚未录入，无法确定哪些天休息。",
            "The notice of holidays for this month is not in; nothing is guessed.",
          )}
          description={<Link to="/service/contracts?tab=calendar">{t("到合同日历录入通知", "Import the notice")}</Link>}
        />
      ) : null}
      <div className="roster-columns">
        <section className="service-panel" style={{ padding: 8, overflowX: "auto" }}>
          <table className="roster-grid" aria-label={t(`${roster.month} 值班表`, `Duty of ${roster.month}`)}>
            <thead>
              <tr>
                {WEEKDAYS.map((name) => (
                  <th key={name[1]}>{t(...name)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {weeks(roster.month).map((row, n) => (
                <tr key={row.find(Boolean) ?? n}>
                  {row.map((date, column) => {
                    if (!date) return <td key={`${n}-${WEEKDAYS[column]?.[1]}`} className="empty" />;
                    const duty = off.get(date);
                    const number = Number(date.slice(8));
                    return (
                      <td key={date} className={date === today ? "today" : ""}>
                        {duty ? (
                          <button
                            type="button"
                            className={`roster-day${duty.engineer_id || roster.state === "missing" ? "" : " unfilled"}`}
                            onClick={() => setOpen(date)}
                          >
                            <span className="date">
                              <b>{number}</b>
                              <span>{duty.holiday ?? t("休", "off")}</span>
                            </span>
                            <span className="who">{duty.engineer_name ?? t("未排", "nobody")}</span>
                            {duty.phone ? <small className="tm-num">{duty.phone}</small> : null}
                            {duty.backup_name ? (
                              <small>{t(`备 ${duty.backup_name}`, `2nd ${duty.backup_name}`)}</small>
                            ) : null}
                          </button>
                        ) : (
                          <span className="roster-day">
                            <span className="date">
                              <b>{number}</b>
                              <span>{roster.blocked ? "?" : isWeekend(date) ? t("调休上班", "worked") : ""}</span>
                            </span>
                          </span>
                        )}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
          <ul className="roster-list">
            {roster.days.map((duty) => (
              <li key={duty.day}>
                <button type="button" onClick={() => setOpen(duty.day)}>
                  <span>
                    <b className="tm-num">{duty.day.slice(5)}</b>{" "}
                    <span className="tm-muted">
                      {t(...(WEEKDAYS[(dayjs(duty.day).day() + 6) % 7] ?? ["", ""]))} {duty.holiday}
                    </span>
                  </span>
                  <span>
                    {duty.engineer_name ?? t("未排", "nobody")}
                    {duty.backup_name ? (
                      <span className="tm-muted"> {t(`备 ${duty.backup_name}`, `2nd ${duty.backup_name}`)}</span>
                    ) : null}
                  </span>
                </button>
                {duty.phone ? (
                  <a href={`tel:${duty.phone}`} className="tm-num" aria-label={t("拨打", "Call")}>
                    {duty.phone}
                  </a>
                ) : null}
              </li>
            ))}
          </ul>
        </section>
        <div>
          {roster.allowed_actions.some((action) => ["propose", "publish"].includes(action)) ? (
            <section className="service-panel">
              <h2>{t("排班", "Make the roster")}</h2>
              <p className="tm-muted" style={{ marginTop: 0 }}>
                {t(
                  `${roster.days.length} 个休息日，${unfilled} 天未排。按本合同年各人已值节假日与周末均衡分配，避开已备案的请假。`,
                  `${roster.days.length} days off, ${unfilled} without a person. Shared by who had fewest, around filed leave.`,
                )}
              </p>
              <div style={{ display: "flex", gap: 8 }}>
                <StepButtons
                  allowed={roster.allowed_actions}
                  take={(body) => step.mutateAsync(body as never)}
                  steps={[
                    {
                      name: "propose",
                      label: roster.state === "draft" ? t("重新生成", "Propose anew") : t("自动排班", "Propose"),
                      primary: roster.state === "missing",
                      explain:
                        roster.state === "draft"
                          ? t("重新生成会替换草稿中手工调整的内容。", "What was set by hand in the draft is replaced.")
                          : undefined,
                    },
                    {
                      name: "publish",
                      label: t("发布", "Publish"),
                      primary: true,
                      explain: t(
                        "发布后各机构可以看到值班人与电话。",
                        "Institutions then see the people and their numbers.",
                      ),
                    },
                  ]}
                />
              </div>
            </section>
          ) : null}
          <section className="service-panel">
            <h2>{t("本合同年已排班次", "Duty of the contract year")}</h2>
            {roster.fairness.length === 0 ? (
              <EmptyState text={t("还没有人员。", "Nobody yet.")} />
            ) : (
              <table className="service-table">
                <thead>
                  <tr>
                    <th>{t("人员", "Person")}</th>
                    <th className="end">{t("节假日", "Holidays")}</th>
                    <th className="end">{t("周末", "Weekends")}</th>
                  </tr>
                </thead>
                <tbody>
                  {roster.fairness.map((each) => (
                    <tr key={each.engineer_id}>
                      <td>{each.name}</td>
                      <td className="end">{each.holidays}</td>
                      <td className="end">{each.weekends}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </section>
          {roster.swaps.length > 0 ? (
            <section className="service-panel">
              <h2>{t("调班", "Swaps")}</h2>
              {roster.swaps.map((swap) => (
                <div key={swap.id} className="roster-swap">
                  <b className="tm-num">{swap.day.slice(5)}</b> {swap.from_name} → {swap.to_name}{" "}
                  <Tag color={swap.state === "approved" ? "green" : swap.state === "requested" ? "orange" : "default"}>
                    {t(...(SWAP_WORDS[swap.state] ?? [swap.state, swap.state]))}
                  </Tag>
                  <div className="tm-muted">
                    {swap.reason} · {swap.requested_by_name} {dateTime(swap.requested_at)}
                    {swap.decided_by_name ? ` · ${swap.decided_by_name}` : ""}
                  </div>
                  {swap.state === "requested" && roster.allowed_actions.includes("approve_swap") ? (
                    <div style={{ display: "flex", gap: 8, marginTop: 4 }}>
                      <Button size="small" type="primary" onClick={() => void decide(swap.id, "approve_swap")}>
                        {t("批准", "Approve")}
                      </Button>
                      <Button size="small" onClick={() => void decide(swap.id, "decline_swap")}>
                        {t("不批准", "Decline")}
                      </Button>
                    </div>
                  ) : null}
                </div>
              ))}
            </section>
          ) : null}
          {roster.derivation ? (
            <section className="service-panel">
              <h2>{t("日期依据", "Why these days")}</h2>
              <DerivationView of={roster.derivation} />
            </section>
          ) : null}
        </div>
      </div>
      {open ? <DayDrawer key={open} roster={roster} day={open} close={() => setOpen(null)} /> : null}
    </>
  );
}

function exportCsv(roster: DutyRoster, t: ReturnType<typeof useT>) {
  download(
    `duty-${roster.month}.csv`,
    toCsv(
      [
        t("日期", "Day"),
        t("节日", "Holiday"),
        t("值班", "On duty"),
        t("电话", "Phone"),
        t("备班", "Second"),
        t("备班电话", "Phone of the second"),
        t("交接", "Hand-over"),
      ],
      roster.days.map((each) => [
        each.day,
        each.holiday,
        each.engineer_name,
        each.phone,
        each.backup_name,
        each.backup_phone,
        each.handover,
      ]),
    ),
  );
}
