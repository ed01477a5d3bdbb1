import { FilePdfOutlined } from "@ant-design/icons";
import type { SecurityReport, SecurityReportFigures, SecurityReportParts, SecurityReportStep } from "@tianmu/api/wire";
import { EmptyState } from "@tianmu/ui/empty-state";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { dateTime } from "@tianmu/ui/lib/time";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { type Translate, useT } from "@tianmu/ui/lib/use-lang";
import { Alert, App, Button, Form, Input, Select } from "antd";
import { useState } from "react";
import { DerivationView } from "../../components/derivation";
import { StateTag } from "../../components/state-tag";
import { type StepDefinition, StepButtons } from "../../components/step-buttons";
import { useFilters } from "../../lib/use-filters";
import { useSecurityReport } from "../api/use-security-report";
import { useSecurityReportStep } from "../api/use-security-report-step";
import { useSecurityReports } from "../api/use-security-reports";
import { REPORT_STATES } from "../lib/words";

/** The yearly security report of a contract. */
export function ReportsPanel() {
  const t = useT();
  const [params, set] = useFilters();
  const reports = useSecurityReports();
  if (reports.isError && !reports.data)
    return <ErrorState error={reports.error} onRetry={() => void reports.refetch()} />;
  if (!reports.data) return <LoadingState rows={6} />;
  const chosen = reports.data.find((r) => r.contract_id === params.get("id")) ?? reports.data[0];
  if (!chosen) return <EmptyState text={t("还没有服务合同。", "There is no contract yet.")} />;
  return (
    <>
      <div className="service-filters">
        <Select
          aria-label={t("合同", "Contract")}
          value={chosen.contract_id}
          onChange={(id: string) => set({ id })}
          style={{ width: 420 }}
          options={reports.data.map((r) => ({
            value: r.contract_id,
            label: `${r.contract_name} ${r.term_start} — ${r.term_end}`,
          }))}
        />
      </div>
      <Report id={chosen.contract_id} key={chosen.contract_id} />
    </>
  );
}

function Report({ id }: { id: string }) {
  const t = useT();
  const report = useSecurityReport(id);
  if (report.isError && !report.data) return <ErrorState error={report.error} onRetry={() => void report.refetch()} />;
  if (!report.data) return <LoadingState rows={8} />;
  return <Body report={report.data} t={t} />;
}

const PARTS: { name: keyof SecurityReportParts; zh: string; en: string; required: boolean }[] = [
  { name: "management", zh: "一、安全管理措施", en: "1 Management measures", required: true },
  { name: "data_security", zh: "二、数据安全", en: "2 Data security", required: true },
  { name: "key_components", zh: "三、关键软硬件", en: "3 Key hardware and software", required: true },
  { name: "team_changes", zh: "四、人员变动", en: "4 Changes of the team", required: true },
  { name: "other", zh: "五、其他", en: "5 Other", required: false },
];

function Body({ report, t }: { report: SecurityReport; t: Translate }) {
  const { message } = App.useApp();
  const words = useErrorText();
  const step = useSecurityReportStep(report.contract_id);
  const [form] = Form.useForm<SecurityReportParts>();
  const [changed, setChanged] = useState(false);
  const writes = report.allowed_actions.includes("save");
  const take = (body: Record<string, unknown>) => step.mutateAsync(body as SecurityReportStep);
  const save = async () => {
    try {
      await step.mutateAsync({ step: "save", parts: form.getFieldsValue(), row_version: report.row_version });
      setChanged(false);
      message.success(t("已保存", "Saved"));
    } catch (error) {
      const { text, fields } = words(error);
      message.error(fields[0] ?? text);
    }
  };
  const steps: StepDefinition[] = [
    {
      name: "submit",
      label: t("报送信息科", "Submit"),
      primary: true,
      explain: t(
        "报送后内容与统计数字固定，由信息科确认。",
        "What is written and counted stays as it is from then on.",
      ),
    },
    {
      name: "return",
      label: t("退回", "Return"),
      danger: true,
      fields: [{ name: "reason", label: t("原因", "Reason"), kind: "area", required: true }],
    },
    { name: "confirm", label: t("确认", "Confirm"), primary: true },
  ];
  return (
    <div className="service-columns">
      <div>
        <section className="service-panel">
          <div style={{ display: "flex", gap: 8, alignItems: "center", flexWrap: "wrap" }}>
            <StateTag state={report.state} words={REPORT_STATES} />
            <span className={report.late ? "service-late" : "tm-muted"}>
              {t(`报送期限 ${report.due}`, `Due on ${report.due}`)}
              {report.late ? t("（已超期）", " (late)") : ""}
            </span>
            <span style={{ marginInlineStart: "auto" }} />
            <a href={`/api/v1/service/duties/reports/${report.contract_id}/pdf`} target="_blank" rel="noreferrer">
              <Button icon={<FilePdfOutlined />}>{t("报告 PDF", "Report PDF")}</Button>
            </a>
            {writes ? (
              <Button
                type={changed ? "primary" : "default"}
                disabled={!changed}
                loading={step.isPending}
                onClick={() => void save()}
              >
                {t("保存", "Save")}
              </Button>
            ) : null}
            {changed ? null : <StepButtons steps={steps} allowed={report.allowed_actions} take={take} />}
          </div>
          {report.returned_reason ? (
            <Alert
              type="warning"
              style={{ marginTop: 8 }}
              title={t(`信息科退回：${report.returned_reason}`, `Returned: ${report.returned_reason}`)}
            />
          ) : null}
          <Form
            form={form}
            layout="vertical"
            style={{ marginTop: 12 }}
            initialValues={report.parts}
            onValuesChange={() => setChanged(true)}
          >
            {PARTS.map((part) => (
              <Form.Item key={part.name} name={part.name} label={t(part.zh, part.en)} required={part.required}>
                {writes ? (
                  <Input.TextArea autoSize={{ minRows: 4, maxRows: 20 }} maxLength={10_000} />
                ) : (
                  <Written text={report.parts[part.name] ?? ""} t={t} />
                )}
              </Form.Item>
            ))}
          </Form>
          <p className="tm-muted" style={{ margin: 0 }}>
            {report.submitted_at
              ? t(
                  `${report.submitted_by_name} ${dateTime(report.submitted_at)} 报送`,
                  `Submitted by ${report.submitted_by_name} ${dateTime(report.submitted_at)}`,
                )
              : null}{" "}
            {report.confirmed_at
              ? t(
                  `${report.confirmed_by_name} ${dateTime(report.confirmed_at)} 确认`,
                  `Confirmed by ${report.confirmed_by_name} ${dateTime(report.confirmed_at)}`,
                )
              : null}
          </p>
        </section>
      </div>
      <div>
        <section className="service-panel">
          <h2>{t("统计", "Counted")}</h2>
          <p className="tm-muted" style={{ marginTop: 0 }}>
            {t(`截至 ${dateTime(report.figures.counted_at)}`, `Up to ${dateTime(report.figures.counted_at)}`)}
          </p>
          <Counted figures={report.figures} t={t} />
        </section>
        <section className="service-panel">
          <h2>{t("期限依据", "Why this day")}</h2>
          <DerivationView of={report.derivation} />
        </section>
      </div>
    </div>
  );
}

function Written({ text, t }: { text: string; t: Translate }) {
  return text.trim() ? (
    <p className="tm-pre" style={{ margin: 0 }}>
      {text}
    </p>
  ) : (
    <span className="tm-muted">{t("未填写", "Nothing written")}</span>
  );
}

function Counted({ figures: f, t }: { figures: SecurityReportFigures; t: Translate }) {
  const counted = f as Required<SecurityReportFigures>;
  const lines: [string, string][] = [
    [
      t("安全事件", "Incidents"),
      `S1 ${counted.incidents_s1} · S2 ${counted.incidents_s2} · S3 ${counted.incidents_s3} · S4 ${counted.incidents_s4}`,
    ],
    [t("超时恢复", "Restored late"), String(counted.incidents_restored_late)],
    [
      t("漏洞（超/高/中/低危）", "Vulnerabilities"),
      [
        counted.vulnerabilities_critical,
        counted.vulnerabilities_high,
        counted.vulnerabilities_medium,
        counted.vulnerabilities_low,
      ].join(" / "),
    ],
    [
      t("超时上报 / 未关闭", "Reported late / open"),
      `${counted.vulnerabilities_reported_late} / ${counted.vulnerabilities_open}`,
    ],
    [
      t("权限：批准 / 驳回 / 生效中", "Grants approved / refused / in force"),
      `${counted.grants_approved} / ${counted.grants_refused} / ${counted.grants_in_force}`,
    ],
    [
      t("到期 / 收回 / 归还", "Expired / withdrawn / returned"),
      `${counted.grants_expired} / ${counted.grants_withdrawn} / ${counted.grants_returned}`,
    ],
    [t("待落实收回", "To be carried out"), String(counted.removals_open)],
    [
      t("巡检：到期 / 已确认", "Inspections due / confirmed"),
      `${counted.inspections_due} / ${counted.inspections_confirmed}`,
    ],
    [
      t("数据修改 / 审批前修改", "Data corrections / before approval"),
      `${counted.corrections} / ${counted.correction_violations}`,
    ],
    [
      t("人员：现有 / 进 / 出", "People present / joined / left"),
      `${counted.people_present} / ${counted.people_joined} / ${counted.people_left}`,
    ],
    [
      t("培训", "Trainings"),
      t(`${counted.trainings} 人次 ${counted.training_min} 分钟`, `${counted.trainings}, ${counted.training_min} min`),
    ],
    [
      t("登记设备", "Equipment"),
      t(
        `${counted.equipment.reduce((sum, each) => sum + each.units, 0)} 台`,
        `${counted.equipment.reduce((sum, each) => sum + each.units, 0)} units`,
      ),
    ],
  ];
  return (
    <table className="service-table">
      <tbody>
        {lines.map(([name, value]) => (
          <tr key={name}>
            <td>{name}</td>
            <td className="end tm-num">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
