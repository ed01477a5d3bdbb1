import { CheckCircleFilled, CloseCircleFilled, ExclamationCircleFilled } from "@ant-design/icons";
import { asApiError } from "@tianmu/api/problem";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { useEffect } from "react";
import { useVerification } from "./api/use-verification";

/** Whether a printed report is genuine and current: for anybody who holds the paper, mostly on a phone. */
export function VerifyPage({ code }: { code: string }) {
  const t = useT();
  const verification = useVerification(code);
  useEffect(() => {
    document.title = t("报告验证 · 天目", "Report verification · Tianmu");
  }, [t]);
  const unknown = verification.isError && asApiError(verification.error).status === 404;
  const report = verification.data;
  return (
    <main style={{ maxWidth: 480, margin: "0 auto", padding: "32px 16px" }}>
      <h1 style={{ fontSize: 20, display: "flex", gap: 10, alignItems: "center" }}>
        <img src="/tianmu.svg" alt="" width={32} height={32} />
        {t("心电图报告验证", "ECG report verification")}
      </h1>
      {verification.isPending ? <LoadingState /> : null}
      {verification.isError && !unknown ? (
        <ErrorState error={verification.error} onRetry={() => void verification.refetch()} />
      ) : null}
      {unknown || (report && !report.valid && !report.superseded) ? (
        <Verdict
          icon={<CloseCircleFilled style={{ color: "#cf1322" }} />}
          title={t("没有这份报告", "No such report")}
          note={t(
            "验证码不存在。请核对纸上的验证码，或向出具报告的机构查询。",
            "The code is not known. Check it against the paper, or ask the institution.",
          )}
        />
      ) : null}
      {report && (report.valid || report.superseded) ? (
        <>
          {report.superseded ? (
            <Verdict
              icon={<ExclamationCircleFilled style={{ color: "#d46b08" }} />}
              title={t("这一版报告已被撤回或更新", "This version was withdrawn or replaced")}
              note={t("请以最新版本的报告为准。", "Rely on the newest version only.")}
            />
          ) : (
            <Verdict
              icon={<CheckCircleFilled style={{ color: "#389e0d" }} />}
              title={t("报告真实有效", "The report is genuine")}
              note={t("请核对以下内容与纸质报告一致。", "Compare this with the paper.")}
            />
          )}
          <dl className="tm-panel" style={{ margin: "12px 0 0", padding: "8px 16px" }}>
            {(
              [
                [t("检查号", "Exam"), report.exam_number],
                [t("患者", "Patient"), report.patient_name_masked],
                [t("检查机构", "Institution"), report.organisation_name],
                [t("判读医师", "Read by"), report.signer_name ?? "—"],
                [t("审核医师", "Reviewed by"), report.reviewer_name ?? "—"],
                [t("发布时间", "Published"), dateTime(report.published_at)],
                [t("版本", "Version"), String(report.version)],
                [t("验证码", "Code"), code],
              ] as const
            ).map(([label, value]) => (
              <div key={label} style={{ display: "flex", gap: 12, padding: "6px 0" }}>
                <dt className="tm-muted" style={{ width: 84, flex: "none" }}>
                  {label}
                </dt>
                <dd className="tm-num" style={{ margin: 0 }}>
                  {value}
                </dd>
              </div>
            ))}
          </dl>
        </>
      ) : null}
    </main>
  );
}

function Verdict({ icon, title, note }: { icon: React.ReactNode; title: string; note: string }) {
  return (
    <div className="tm-panel" style={{ padding: "16px", display: "flex", gap: 14, alignItems: "center" }} role="status">
      <span style={{ fontSize: 36, lineHeight: 1 }}>{icon}</span>
      <div>
        <strong style={{ fontSize: 17 }}>{title}</strong>
        <div className="tm-muted">{note}</div>
      </div>
    </div>
  );
}
