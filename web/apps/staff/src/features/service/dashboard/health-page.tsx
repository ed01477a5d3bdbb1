import { EmptyState } from "@tianmu/ui/empty-state";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import type { ContractHealth } from "@tianmu/api/wire";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Progress, Select } from "antd";
import { PrinterOutlined } from "@ant-design/icons";
import { Link } from "react-router";
import { useContracts } from "../contracts/api/use-contracts";
import { DUTY_WORDS } from "../contracts/lib/words";
import { yuan } from "../lib/money";
import { useFilters } from "../lib/use-filters";
import { useContractHealth } from "./api/use-contract-health";
import { percent, share } from "./lib/figures";
import { LEVEL_WORDS, SIGNAL_ORDER, SIGNALS } from "./lib/words";
import "../components/service.css";
import "./dashboard.css";

export function Page() {
  const t = useT();
  const [params, set] = useFilters();
  const contracts = useContracts();
  const list = contracts.data ?? [];
  const contract =
    list.find((c) => c.id === params.get("contract")) ?? list.find((c) => c.state === "in_force") ?? list[0];
  const found = useContractHealth(contract?.id);
  return (
    <>
      <PageHeader
        title={t("合同履行", "Contract health")}
        note={found.data ? `${found.data.code} · ${found.data.name}` : undefined}
        actions={
          <>
            {list.length > 1 ? (
              <Select
                aria-label={t("合同", "Contract")}
                value={contract?.id}
                onChange={(value: string) => set({ contract: value })}
                style={{ minWidth: 180 }}
                options={list.map((c) => ({ value: c.id, label: c.code }))}
              />
            ) : null}
            <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
              {t("打印", "Print")}
            </Button>
          </>
        }
      />
      {contracts.isError || found.isError ? (
        <ErrorState error={contracts.error ?? found.error} onRetry={() => void found.refetch()} />
      ) : contracts.data && list.length === 0 ? (
        <EmptyState text={t("尚未录入服务合同。", "No contract has been entered.")} />
      ) : !found.data ? (
        <LoadingState rows={10} />
      ) : (
        <Health data={found.data} />
      )}
    </>
  );
}

function Health({ data }: { data: ContractHealth }) {
  const t = useT();
  const signals = [...data.signals].sort((a, b) => SIGNAL_ORDER[a.level] - SIGNAL_ORDER[b.level]);
  const left = data.term_days - data.elapsed_days;
  const shares = [
    [t("响应", "Answers"), data.level.response],
    [t("办结", "Solutions"), data.level.handling],
  ] as const;
  const penalties = data.penalties;
  const coming = data.dates.filter((date) => date.days_left >= 0);
  return (
    <>
      <section className="service-panel">
        <div style={{ display: "flex", gap: 12, alignItems: "center", flexWrap: "wrap" }}>
          <span className="tm-num">
            {t(`${data.term_start} 至 ${data.term_end}`, `${data.term_start} to ${data.term_end}`)}
          </span>
          <Progress
            style={{ flex: 1, minWidth: 200, margin: 0 }}
            percent={Math.floor((data.elapsed_days / data.term_days) * 100)}
            showInfo={false}
            aria-label={t("合同期进度", "Progress of the term")}
          />
          <span className="tm-num">
            {t(
              `第 ${data.elapsed_days} 天 / 共 ${data.term_days} 天，剩 ${left} 天`,
              `day ${data.elapsed_days} of ${data.term_days}, ${left} left`,
            )}
          </span>
        </div>
      </section>
      <div className="health-signals">
        {signals.map((signal) => {
          const words = SIGNALS[signal.code];
          if (!words) return null;
          const text = t(...words[signal.level]);
          return (
            <Link key={signal.code} to={words.path} className={`health-signal ${signal.level}`}>
              <span className="health-signal-head">
                <span>{t(...words.name)}</span>
                <span className={signal.level}>{t(...(LEVEL_WORDS[signal.level] ?? ["", ""]))}</span>
              </span>
              <span>
                {signal.level === "good" ? text : t(`${signal.count} ${text}`, `${signal.count} ${text}`)}
                {signal.date ? <span className="tm-muted tm-num health-date"> {signal.date}</span> : null}
              </span>
            </Link>
          );
        })}
      </div>
      <div className="dashboard-pair">
        <section className="service-panel">
          <h2>{t("本合同期服务", "Service of the term")}</h2>
          <table className="service-table">
            <tbody>
              <tr>
                <td>{t("工单", "Tickets")}</td>
                <td className="end">
                  {t(
                    `${data.level.opened} 张，未办结 ${data.level.open}`,
                    `${data.level.opened}, ${data.level.open} open`,
                  )}
                </td>
              </tr>
              {shares.map(([name, kept]) => (
                <tr key={name}>
                  <td>{t(`${name}及时率`, `${name} in time`)}</td>
                  <td className="end">
                    {percent(share(kept))}
                    <span className="tm-muted">
                      {" "}
                      {t(`按时 ${kept.met}，超时 ${kept.late}`, `${kept.met} kept, ${kept.late} late`)}
                    </span>
                  </td>
                </tr>
              ))}
              <tr>
                <td>{t("满意度", "Rating")}</td>
                <td className="end">
                  {data.level.rating_mean === null ? "—" : data.level.rating_mean.toFixed(2)}
                  <span className="tm-muted"> {t(`${data.level.ratings} 份`, `${data.level.ratings}`)}</span>
                </td>
              </tr>
              <tr>
                <td>{t("安全事件", "Incidents")}</td>
                <td className="end">
                  {data.incidents.map((c) => `${c.name} ${c.count}`).join("，") || "0"}
                  {data.incidents_late > 0 ? (
                    <span className="service-late">
                      {" "}
                      {t(`恢复超时 ${data.incidents_late}`, `${data.incidents_late} restored late`)}
                    </span>
                  ) : null}
                </td>
              </tr>
              <tr>
                <td>{t("新增需求", "Requirements")}</td>
                <td className="end">
                  {t(`进行中 ${data.requirements_open}`, `${data.requirements_open} open`)}
                  {data.requirements_late > 0 ? (
                    <span className="service-late">
                      {" "}
                      {t(`有逾期 ${data.requirements_late}`, `${data.requirements_late} late`)}
                    </span>
                  ) : null}
                </td>
              </tr>
              <tr>
                <td>{t("数据修改", "Data corrections")}</td>
                <td className="end">
                  {t(`待审批 ${data.corrections_waiting}`, `${data.corrections_waiting} waiting`)}
                  {data.corrections_violating > 0 ? (
                    <span className="service-late">
                      {" "}
                      {t(`违规 ${data.corrections_violating}`, `${data.corrections_violating} violations`)}
                    </span>
                  ) : null}
                </td>
              </tr>
              <tr>
                <td>{t("巡检", "Inspections")}</td>
                <td className="end">
                  {t(
                    `已提交 ${data.inspections_done} / 计划 ${data.inspections_planned}`,
                    `${data.inspections_done} of ${data.inspections_planned}`,
                  )}
                  {data.inspections_late > 0 ? (
                    <span className="service-late">
                      {" "}
                      {t(`逾期 ${data.inspections_late}`, `${data.inspections_late} late`)}
                    </span>
                  ) : null}
                  {data.next_inspection ? (
                    <span className="tm-muted">
                      {" "}
                      {t(`下次 ${data.next_inspection}`, `next ${data.next_inspection}`)}
                    </span>
                  ) : null}
                </td>
              </tr>
            </tbody>
          </table>
        </section>
        <section className="service-panel">
          <h2>{t("款项与违约金（元）", "Money (yuan)")}</h2>
          <table className="service-table">
            <tbody>
              {data.instalments.map((i) => (
                <tr key={i.number}>
                  <td>
                    {t(`第${i.number}期 ${yuan(i.amount_cents)}`, `Instalment ${i.number}: ${yuan(i.amount_cents)}`)}
                    <span className="tm-muted tm-num"> {i.due ?? t("日历未公布", "calendar unknown")}</span>
                  </td>
                  <td className="end">
                    {i.open_cents === 0 ? (
                      <span className="service-good">{t("已付清", "paid")}</span>
                    ) : (
                      t(`未付 ${yuan(i.open_cents)}`, `open ${yuan(i.open_cents)}`)
                    )}
                    {i.days_late > 0 ? (
                      <span className="service-late"> {t(`逾期 ${i.days_late} 天`, `${i.days_late} days late`)}</span>
                    ) : null}
                  </td>
                </tr>
              ))}
              <tr>
                <td>{t("违约金：已确认", "Penalties confirmed")}</td>
                <td className="end">{yuan(penalties.confirmed_cents)}</td>
              </tr>
              <tr>
                <td>{t("违约金：待复核 / 有争议", "In review / disputed")}</td>
                <td className="end">
                  {yuan(penalties.proposed_cents)} / {yuan(penalties.disputed_cents)}
                </td>
              </tr>
              <tr>
                <td>{t("参考：7.2 上限", "Cap of 7.2, for information")}</td>
                <td className="end">{yuan(data.cap_cents)}</td>
              </tr>
            </tbody>
          </table>
          <h2 style={{ marginTop: 12 }}>{t("接下来的约定日期", "Dates ahead")}</h2>
          <table className="service-table">
            <tbody>
              {coming.length === 0 ? (
                <tr>
                  <td className="tm-muted">{t("没有未到的约定日期。", "None ahead.")}</td>
                </tr>
              ) : (
                coming.map((date) => (
                  <tr key={`${date.code} ${date.date}`}>
                    <td>{t(...(DUTY_WORDS[date.code] ?? [date.code, date.code]))}</td>
                    <td className="tm-muted">{date.clause}</td>
                    <td className="end">
                      {date.date}{" "}
                      <span className="tm-muted">{t(`剩 ${date.days_left} 天`, `${date.days_left} days`)}</span>
                    </td>
                  </tr>
                ))
              )}
            </tbody>
          </table>
        </section>
      </div>
    </>
  );
}
