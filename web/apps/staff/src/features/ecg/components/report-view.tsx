import type { Report, Signature } from "@tianmu/api/wire";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, Tag } from "antd";

/** A report as it stands, without editing. */
export function ReportView({ report }: { report: Report }) {
  const t = useT();
  const by = (label: string, signature: Signature | null) =>
    signature ? (
      <div>
        <span className="tm-muted">{label}　</span>
        {signature.name}
        {signature.title ? ` ${signature.title}` : ""}
        <span className="tm-muted tm-num">　{dateTime(signature.at)}</span>
      </div>
    ) : null;
  return (
    <section aria-label={t("报告", "Report")}>
      {report.withdrawn_reason ? (
        <Alert
          type="error"
          showIcon
          style={{ marginBottom: 8 }}
          title={t(`本版已撤回：${report.withdrawn_reason}`, `Withdrawn: ${report.withdrawn_reason}`)}
        />
      ) : null}
      <h3 style={{ margin: "0 0 4px", fontSize: 14 }}>
        {t("诊断结论", "Conclusion")}{" "}
        <Tag color={report.abnormal ? "red" : "green"}>
          {report.abnormal ? t("异常", "Abnormal") : t("正常", "Normal")}
        </Tag>
      </h3>
      {report.conclusion.length > 0 ? (
        <ol style={{ margin: "0 0 10px", paddingInlineStart: 22, fontWeight: 600 }}>
          {report.conclusion.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      ) : (
        <p className="tm-muted">{t("尚未填写", "Not written yet")}</p>
      )}
      <h3 style={{ margin: "0 0 4px", fontSize: 14 }}>{t("心电图所见", "Findings")}</h3>
      <p className="tm-pre" style={{ margin: "0 0 10px" }}>
        {report.findings || <span className="tm-muted">{t("尚未填写", "Not written yet")}</span>}
      </p>
      {by(t("判读医师", "Read by"), report.signed_by)}
      {by(t("审核医师", "Reviewed by"), report.reviewed_by)}
      {report.verify_code ? (
        <div className="tm-muted">
          {t("验证码", "Verification code")}　<code>{report.verify_code}</code>
          {"　"}
          {t(`第 ${report.version} 版`, `version ${report.version}`)}
        </div>
      ) : null}
    </section>
  );
}
