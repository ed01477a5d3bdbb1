import type { ResidentReportDetail } from "@tianmu/api/wire";
import { dateTime } from "@tianmu/ui/lib/time";
import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Skeleton } from "antd-mobile";
import { lazy, Suspense, useEffect, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { isLargePrint, setLargePrint } from "../../app/print-size";
import { Problem } from "../../app/problem";
import { Screen } from "../../app/screen";
import { useReport } from "./api/use-report";
import { PLAIN, plainValue } from "./lib/plain-words";

const ResidentTrace = lazy(() => import("./components/resident-trace"));

export function Page() {
  const t = useT();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { id = "" } = useParams();
  const report = useReport(id);
  const [large, setLarge] = useState(isLargePrint);
  const [full, setFull] = useState(false);
  const loaded = report.data !== undefined;
  // Opening it has marked it read: the list shows so.
  useEffect(() => {
    if (loaded) void queries.invalidateQueries({ queryKey: ["reports"] });
  }, [loaded, queries]);
  return (
    <Screen
      title={report.data?.title ?? t("报告", "Report")}
      onBack={() => navigate("/")}
      right={
        <Button
          fill="none"
          size="small"
          style={{ color: "#fff", fontSize: "var(--text)" }}
          aria-pressed={large}
          onClick={() => {
            setLargePrint(!large);
            setLarge(!large);
          }}
        >
          {large ? t("标准字", "Usual print") : t("大字", "Large print")}
        </Button>
      }
      foot={
        report.data ? (
          <>
            <Button size="large" onClick={() => setFull(true)}>
              {t("看心电图", "See the trace")}
            </Button>
            <Button
              size="large"
              color="primary"
              onClick={() => void window.open(`/api/v1/resident/reports/${id}/report.pdf`, "_blank", "noopener")}
            >
              {t("报告原件", "Original (PDF)")}
            </Button>
          </>
        ) : null
      }
    >
      {report.isError ? <Problem error={report.error} onRetry={() => void report.refetch()} /> : null}
      {report.isPending ? (
        <div className="card" aria-busy="true">
          <Skeleton.Title animated />
          <Skeleton.Paragraph lineCount={6} animated />
        </div>
      ) : null}
      {report.data ? <Detail report={report.data} /> : null}
      {report.data && full ? (
        <div className="trace-full" role="dialog" aria-label={t("心电图", "ECG trace")}>
          <div style={{ flex: 1, minHeight: 0 }}>
            <Suspense fallback={<Skeleton.Paragraph lineCount={10} animated />}>
              <ResidentTrace report={report.data} toolbar />
            </Suspense>
          </div>
          <div className="screen-foot">
            <Button size="large" color="primary" onClick={() => setFull(false)}>
              {t("关闭", "Close")}
            </Button>
          </div>
        </div>
      ) : null}
    </Screen>
  );
}

function Detail({ report }: { report: ResidentReportDetail }) {
  const t = useT();
  const lang = useLang();
  return (
    <>
      <section className="card" aria-label={t("诊断结论", "Conclusion")}>
        <div className="report-card-top">
          <h2 style={{ margin: 0 }}>{t("诊断结论", "Conclusion")}</h2>
          <span className={`mark ${report.abnormal ? "mark-abnormal" : "mark-normal"}`}>
            {report.abnormal ? t("有异常", "Abnormal") : t("未见异常", "Normal")}
          </span>
        </div>
        <div className="conclusion">
          {report.conclusion.length === 1 ? (
            report.conclusion[0]
          ) : (
            <ol>
              {report.conclusion.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ol>
          )}
        </div>
        {report.amended ? (
          <p className="muted">
            {t(`这是修订后的第 ${report.version} 版报告。`, `This is the amended version ${report.version}.`)}
          </p>
        ) : null}
        <div className="advice">
          {report.abnormal
            ? t(
                "心电图有异常不一定代表有病，请带上报告向医生咨询。如有胸痛、晕厥、气促，请立即就医或拨打 120。",
                "An abnormal ECG is not always an illness: show it to your doctor. With chest pain, fainting or short breath, get help at once (120).",
              )
            : t(
                "本次心电图未见明显异常。如有不适，仍请及时就医。",
                "Nothing abnormal was seen. If you feel unwell, see a doctor all the same.",
              )}
        </div>
      </section>
      <section className="card" aria-label={t("心电图所见", "Findings")}>
        <h2>{t("心电图所见", "Findings")}</h2>
        <div style={{ lineHeight: 1.6 }}>{report.findings}</div>
      </section>
      {report.measurements.length > 0 ? (
        <section className="card" aria-label={t("测量值", "Measurements")}>
          <h2>{t("测量值", "Measurements")}</h2>
          {report.measurements.map((each) => {
            const plain = PLAIN[each.name];
            return (
              <div className="measure" key={each.name}>
                <span>{plain ? t(...plain.name) : each.name}</span>
                <b className="num">{plainValue(each.value, each.unit, lang)}</b>
                <span className="muted">
                  {plain ? t(...plain.meaning) : ""}
                  {each.normal ? t(`；一般范围 ${each.normal}`, `; usual ${each.normal}`) : ""}
                </span>
              </div>
            );
          })}
        </section>
      ) : null}
      <section className="card" aria-label={t("检查信息", "Examination")}>
        <h2>{t("检查信息", "Examination")}</h2>
        <dl className="facts">
          {(
            [
              [
                t("姓名", "Name"),
                `${report.patient_name}　${report.sex === "male" ? t("男", "male") : report.sex === "female" ? t("女", "female") : ""}　${report.age_text}`,
              ],
              [t("检查号", "Exam"), report.exam_number],
              [t("检查机构", "At"), report.organisation_name],
              [t("检查时间", "Examined"), dateTime(report.examined_at)],
              [t("发布时间", "Published"), dateTime(report.published_at)],
              [t("判读医师", "Read by"), report.signer_name],
              [t("审核医师", "Reviewed by"), report.reviewer_name],
              [t("验证码", "Verification"), report.verify_code],
            ] as const
          ).map(([label, value]) => (
            <div key={label}>
              <dt className="muted">{label}</dt>
              <dd className="num">{value}</dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  );
}
