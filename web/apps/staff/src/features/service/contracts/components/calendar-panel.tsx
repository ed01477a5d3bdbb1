import type { ServiceCalendarYear } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, Button, Input, Modal, Select } from "antd";
import { useState } from "react";
import { can } from "../../../../app/permissions";
import { useMe } from "../../../session/session-context";
import { useCalendar, useImportCalendar } from "../api/use-calendar";
import "./calendar-panel.css";

/** Holidays and adjusted working days, year by year; a year without its notice is shown as unknown. */
export function CalendarPanel() {
  const t = useT();
  const me = useMe();
  const calendar = useCalendar();
  const [year, setYear] = useState<number | null>(null);
  const [importing, setImporting] = useState(false);
  if (calendar.isError) return <ErrorState error={calendar.error} onRetry={() => void calendar.refetch()} />;
  if (!calendar.data) return <LoadingState rows={8} />;
  const years = calendar.data.years;
  const known = years.filter((y) => y.known).at(-1);
  const shown = years.find((y) => y.year === year) ?? known ?? years[0];
  return (
    <>
      <div className="service-filters">
        <Select
          value={shown?.year}
          onChange={setYear}
          aria-label={t("年份", "Year")}
          style={{ width: 160 }}
          options={years.map((y) => ({
            value: y.year,
            label: y.known ? `${y.year}` : t(`${y.year}（未公布）`, `${y.year} (unknown)`),
          }))}
        />
        <span className="tm-muted" style={{ alignSelf: "center" }}>
          {t(`日历 ${calendar.data.version}`, `calendar ${calendar.data.version}`)}
        </span>
        {can(me, "editContracts") ? (
          <Button style={{ marginInlineStart: "auto" }} onClick={() => setImporting(true)}>
            {t("导入节假日安排", "Import a notice")}
          </Button>
        ) : null}
      </div>
      {shown && !shown.known ? (
        <Alert
          type="warning"
          showIcon
          title={t(
            `${shown.year} 年国务院办公厅节假日安排尚未导入。`,
            `The notice for ${shown.year} is not there yet.`,
          )}
          description={t(
            "涉及该年的时限、付款日与排班会显示“无法计算”，不会按普通工作日猜测。导入后自动重算。",
            "Whatever depends on it is blocked, not guessed, and computed once it is imported.",
          )}
        />
      ) : shown ? (
        <YearView year={shown} />
      ) : null}
      {importing ? <ImportDialog close={() => setImporting(false)} /> : null}
    </>
  );
}

function YearView({ year }: { year: ServiceCalendarYear }) {
  const t = useT();
  const off = new Map(year.off_days.map((d) => [d.date, d.name]));
  const work = new Map(year.adjusted_working_days.map((d) => [d.date, d.name]));
  return (
    <div className="calendar-year">
      {Array.from({ length: 12 }, (_, month) => {
        const first = new Date(Date.UTC(year.year, month, 1));
        const lead = (first.getUTCDay() + 6) % 7;
        const days = new Date(Date.UTC(year.year, month + 1, 0)).getUTCDate();
        return (
          <div key={`month ${first.toISOString()}`} className="calendar-month">
            <b>{t(`${month + 1}月`, first.toLocaleString("en", { month: "short", timeZone: "UTC" }))}</b>
            <div className="calendar-days">
              {Array.from({ length: lead }, (_, n) => (
                <span key={`lead ${month}-${n - lead}`} />
              ))}
              {Array.from({ length: days }, (_, n) => {
                const date = `${year.year}-${String(month + 1).padStart(2, "0")}-${String(n + 1).padStart(2, "0")}`;
                const name = off.get(date);
                const kind = work.has(date)
                  ? "calendar-worked"
                  : off.has(date)
                    ? name
                      ? "calendar-holiday"
                      : "calendar-weekend"
                    : "";
                const title = work.has(date)
                  ? t(`${date} 调休上班`, `${date} worked`)
                  : name
                    ? `${date} ${name}`
                    : date;
                return (
                  <span key={date} className={kind} title={title}>
                    {n + 1}
                    {work.has(date) ? <i>{t("班", "w")}</i> : name ? <i>{t("休", "off")}</i> : null}
                  </span>
                );
              })}
            </div>
          </div>
        );
      })}
    </div>
  );
}

function ImportDialog({ close }: { close: () => void }) {
  const t = useT();
  const [text, setText] = useState("");
  const load = useImportCalendar();
  return (
    <Modal
      open
      width={640}
      title={t("导入节假日安排", "Import a notice")}
      onCancel={close}
      okText={t("导入并重算", "Import and compute anew")}
      okButtonProps={{ loading: load.isPending, disabled: !text.trim() }}
      onOk={() => load.mutateAsync(text).then(close, () => undefined)}
    >
      <p style={{ marginTop: 0 }}>
        {t("粘贴 holiday-cn 的 JSON，或本系统的 TOML 格式。", "Paste JSON of holiday-cn, or the program's own TOML.")}
      </p>
      <Input.TextArea
        rows={10}
        value={text}
        onChange={(e) => setText(e.target.value)}
        aria-label={t("内容", "Text")}
        placeholder={'year = 2027\nsource = "国办发明电…"\noff = ["2027-01-01..2027-01-03 元旦"]\nwork = []'}
      />
      {load.isError ? <ErrorState error={load.error} /> : null}
    </Modal>
  );
}
