import type { ServiceContract } from "@tianmu/api/wire";
import { EmptyState } from "@tianmu/ui/empty-state";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Collapse, Descriptions, Select, Tabs, Tag } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { AttachmentList } from "../attachments/attachment-list";
import { DerivationView } from "../components/derivation";
import { yuan } from "../lib/money";
import { useFilters } from "../lib/use-filters";
import { READING_WORDS } from "../lib/words";
import { useContracts } from "./api/use-contracts";
import { AmendDialog } from "./components/amend-dialog";
import { CalendarPanel } from "./components/calendar-panel";
import { HoursPanel } from "./components/hours-panel";
import { RenewDialog } from "./components/renew-dialog";
import { DUTY_WORDS, FIGURE_WORDS, PARTS_WORDS, STATE_WORDS } from "./lib/words";
import "../components/service.css";

export interface ContractBody {
  party_a: string;
  party_b: string;
  signed: string;
  term_start: string;
  term_end: string;
  total: string;
  items: {
    code: string;
    name_zh: string;
    name_en: string;
    price: string;
    parts: string;
    incident_fines: boolean;
    equipment: { name: string; count: number }[];
  }[];
  figures: Record<string, string | number>;
  readings: Record<string, string>;
  working_hours: string[];
}

export function Page() {
  const t = useT();
  const [params, set] = useFilters();
  const contracts = useContracts();
  const list = contracts.data ?? [];
  const chosen = list.find((c) => c.id === params.get("id")) ?? list.find((c) => c.state === "in_force") ?? list[0];
  const tab = params.get("tab") ?? "contract";
  return (
    <>
      <PageHeader
        title={t("服务合同", "Service contract")}
        actions={
          list.length > 1 ? (
            <Select
              aria-label={t("合同", "Contract")}
              value={chosen?.id}
              onChange={(value: string) => set({ id: value })}
              style={{ minWidth: 240 }}
              options={list.map((c) => ({
                value: c.id,
                label: `${c.code}（${t(...(STATE_WORDS[c.state] ?? ["", ""]))}）`,
              }))}
            />
          ) : null
        }
      />
      <Tabs
        activeKey={tab}
        size="small"
        onChange={(key) => set({ tab: key })}
        items={[
          { key: "contract", label: t("合同", "Contract") },
          { key: "calendar", label: t("工作日历", "Calendar") },
          { key: "hours", label: t("机构作息", "Opening hours") },
        ]}
      />
      {tab === "calendar" ? (
        <CalendarPanel />
      ) : tab === "hours" ? (
        <HoursPanel />
      ) : contracts.isError ? (
        <ErrorState error={contracts.error} onRetry={() => void contracts.refetch()} />
      ) : contracts.isPending ? (
        <LoadingState rows={10} />
      ) : chosen ? (
        <ContractPanel contract={chosen} key={chosen.id} />
      ) : (
        <EmptyState text={t("尚未录入服务合同。", "No contract has been entered.")} />
      )}
    </>
  );
}

function ContractPanel({ contract }: { contract: ServiceContract }) {
  const t = useT();
  const body = contract.contract as unknown as ContractBody;
  const [dialog, setDialog] = useState<"amend" | "renew" | null>(null);
  return (
    <div className="service-columns">
      <div>
        <section className="service-panel">
          <div style={{ display: "flex", gap: 8, alignItems: "center", marginBottom: 8, flexWrap: "wrap" }}>
            <b>{contract.name}</b>
            <Tag color={contract.state === "in_force" ? "green" : undefined}>
              {t(...(STATE_WORDS[contract.state] ?? ["", ""]))}
            </Tag>
            <span className="tm-muted">{t(`第${contract.version}版`, `version ${contract.version}`)}</span>
            <span style={{ marginInlineStart: "auto", display: "flex", gap: 8 }}>
              <Link to={`/service/settlement?contract=${contract.id}`}>
                <Button>{t("结算", "Settlement")}</Button>
              </Link>
              {contract.allowed_actions.includes("amend") ? (
                <Button onClick={() => setDialog("amend")}>{t("补充协议", "Amend")}</Button>
              ) : null}
              {contract.allowed_actions.includes("renew") ? (
                <Button onClick={() => setDialog("renew")}>{t("续签", "Renew")}</Button>
              ) : null}
            </span>
          </div>
          <Descriptions
            size="small"
            column={2}
            items={[
              { key: "a", label: t("甲方", "Party A"), children: body.party_a },
              { key: "b", label: t("乙方", "Party B"), children: body.party_b },
              { key: "term", label: t("服务期", "Term"), children: `${body.term_start} — ${body.term_end}` },
              { key: "signed", label: t("签订", "Signed"), children: body.signed },
              {
                key: "total",
                label: t("总价（含税）", "Total"),
                children: <b className="tm-num">{yuan(contract.total_cents)}</b>,
              },
              {
                key: "net",
                label: t("未税 / 税额", "Net / VAT"),
                children: <span className="tm-num">{`${yuan(contract.net_cents)} / ${yuan(contract.vat_cents)}`}</span>,
              },
            ]}
          />
        </section>
        <section className="service-panel">
          <h2>{t("服务内容与价格", "Items and prices")}</h2>
          <table className="service-table">
            <thead>
              <tr>
                <th>{t("项目", "Item")}</th>
                <th className="end">{t("年费（元）", "Yearly (yuan)")}</th>
                <th>{t("配件", "Parts")}</th>
                <th>{t("设备", "Equipment")}</th>
              </tr>
            </thead>
            <tbody>
              {body.items.map((item) => (
                <tr key={item.code}>
                  <td>{t(item.name_zh, item.name_en)}</td>
                  <td className="end">{item.price.replace(/\B(?=(\d{3})+(?!\d))/g, ",")}</td>
                  <td>{t(...(PARTS_WORDS[item.parts] ?? ["", ""]))}</td>
                  <td className="tm-muted">{item.equipment.map((e) => `${e.name} × ${e.count}`).join("、")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <section className="service-panel">
          <h2>{t("条款读法（有歧义处双方的选择）", "Readings chosen where the text is ambiguous")}</h2>
          <table className="service-table">
            <tbody>
              {Object.entries(body.readings).map(([name, value]) => {
                const words = READING_WORDS[name];
                return (
                  <tr key={name}>
                    <td>{words ? t(...words.name) : name}</td>
                    <td>
                      <b>{words?.values[value] ? t(...words.values[value]) : value}</b>
                      <div className="tm-muted">
                        {words
                          ? t("其他读法：", "Otherwise: ") +
                            Object.entries(words.values)
                              .filter(([key]) => key !== value)
                              .map(([, text]) => t(...text))
                              .join("；")
                          : ""}
                      </div>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
        <Collapse
          size="small"
          items={[
            {
              key: "figures",
              label: t("合同数值（每个数字及其出处见合同文件）", "Figures of the text"),
              children: (
                <table className="service-table">
                  <tbody>
                    {Object.entries(body.figures).map(([name, value]) => (
                      <tr key={name}>
                        <td>{t(...(FIGURE_WORDS[name] ?? [name, name]))}</td>
                        <td className="end">{String(value)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              ),
            },
          ]}
        />
      </div>
      <div>
        <section className="service-panel">
          <h2>{t("付款", "Payments")}</h2>
          {contract.payments.map((p) => (
            <div key={p.number} style={{ marginBottom: 8 }}>
              <b>{t(`第${p.number}期`, `Instalment ${p.number}`)}</b>{" "}
              <span className="tm-num">{yuan(p.amount_cents)}</span>{" "}
              {p.due ? (
                t(`${p.due} 前`, `by ${p.due}`)
              ) : (
                <span className="service-late">
                  {t("付款日无法计算：当年节假日安排尚未公布", "No date: the holidays of that year are unknown")}
                </span>
              )}
              {p.derivation ? <DerivationView of={p.derivation} /> : null}
            </div>
          ))}
        </section>
        <section className="service-panel">
          <h2>{t("重要日期", "Dates")}</h2>
          <table className="service-table">
            <tbody>
              {contract.dates.map((d) => (
                <tr key={`${d.code} ${d.date}`} className={d.days_left < 0 ? "tm-muted" : ""}>
                  <td className="tm-num">{d.date}</td>
                  <td>
                    {t(...(DUTY_WORDS[d.code] ?? [d.code, d.code]))} <span className="tm-muted">{d.clause}</span>
                  </td>
                  <td className={`end ${d.days_left >= 0 && d.days_left <= 30 ? "service-soon" : ""}`}>
                    {d.days_left < 0 ? t("已过", "past") : t(`${d.days_left} 天`, `${d.days_left} d`)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <section className="service-panel">
          <h2>{t("版本", "Versions")}</h2>
          {contract.versions.map((v) => (
            <div key={v.version} style={{ marginBottom: 8 }}>
              <b>{t(`第${v.version}版`, `Version ${v.version}`)}</b>{" "}
              {t(`自 ${v.valid_from} 起`, `from ${v.valid_from}`)}
              <div className="tm-muted">
                {v.note} · {v.made_by_name} {dateTime(v.made_at)}
              </div>
              {v.changes.map((change) => (
                <div key={change} className="tm-num" style={{ fontSize: 12 }}>
                  {change}
                </div>
              ))}
            </div>
          ))}
        </section>
        <section className="service-panel">
          <h2>{t("合同文件", "Documents")}</h2>
          <AttachmentList
            target={{ kind: "contract", id: contract.id }}
            mayAdd={contract.allowed_actions.includes("amend")}
          />
        </section>
      </div>
      {dialog === "amend" ? <AmendDialog contract={contract} body={body} close={() => setDialog(null)} /> : null}
      {dialog === "renew" ? <RenewDialog contract={contract} body={body} close={() => setDialog(null)} /> : null}
    </div>
  );
}
