import { PlusOutlined } from "@ant-design/icons";
import type { Statement } from "@tianmu/api/wire";
import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import { Button, Popover, Tag } from "antd";

const SEVERITY: Record<string, { color: string; zh: string; en: string }> = {
  normal: { color: "green", zh: "正常", en: "Normal" },
  borderline: { color: "gold", zh: "临界", en: "Borderline" },
  abnormal: { color: "orange", zh: "异常", en: "Abnormal" },
  critical: { color: "red", zh: "危急", en: "Critical" },
};

const CERTAINTY: Record<string, readonly [string, string]> = {
  definite: ["肯定", "Definite"],
  probable: ["很可能", "Probable"],
  possible: ["可能", "Possible"],
};

interface StatementsProps {
  statements: Statement[];
  /** Takes the statement over into the conclusion. */
  onUse?: (text: string) => void;
}

/** What the machine says, each with the figures and the criterion it rests on. */
export function Statements({ statements, onUse }: StatementsProps) {
  const t = useT();
  const lang = useLang();
  if (statements.length === 0) return <p className="tm-muted">{t("没有自动提示。", "No machine statements.")}</p>;
  const all = statements.map((statement) => statement.text_zh);
  return (
    <>
      {onUse && all.length > 1 ? (
        <div style={{ textAlign: "end" }}>
          <Button size="small" type="link" onClick={() => onUse(all.join("\n"))}>
            {t("全部采用", "Use all")}
          </Button>
        </div>
      ) : null}
      <ul className="reading-statements">
        {statements.map((statement) => {
          const severity = SEVERITY[statement.severity];
          const certainty = CERTAINTY[statement.certainty];
          const text = lang === "zh" ? statement.text_zh : statement.text_en;
          return (
            <li key={`${statement.code}/${statement.text_zh}`}>
              <Popover
                trigger={["click", "hover"]}
                placement="left"
                title={t("依据", "Grounds")}
                content={<Grounds statement={statement} />}
              >
                <button type="button" className="reading-statement-text">
                  {text}
                </button>
              </Popover>
              <Tag color={severity?.color} style={{ margin: 0 }}>
                {severity ? t(severity.zh, severity.en) : statement.severity}
              </Tag>
              <span className="tm-muted" style={{ fontSize: 12 }}>
                {certainty ? t(...certainty) : statement.certainty}
              </span>
              {onUse ? (
                <Button
                  size="small"
                  type="text"
                  icon={<PlusOutlined />}
                  aria-label={t(`采用：${statement.text_zh}`, `Use: ${statement.text_en}`)}
                  onClick={() => onUse(statement.text_zh)}
                />
              ) : null}
            </li>
          );
        })}
      </ul>
    </>
  );
}

function Grounds({ statement }: { statement: Statement }) {
  const t = useT();
  return (
    <div style={{ maxWidth: 420 }}>
      {statement.grounds.length === 0 ? <span className="tm-muted">{t("没有给出依据", "None given")}</span> : null}
      <table style={{ borderCollapse: "collapse", fontSize: 13 }}>
        <tbody>
          {statement.grounds.map((ground) => (
            <tr key={`${ground.name}/${ground.criterion}`}>
              <td style={{ paddingInlineEnd: 12 }}>{ground.name}</td>
              <td className="tm-num" style={{ paddingInlineEnd: 12, whiteSpace: "nowrap" }}>
                <b>{ground.value ?? "—"}</b> {ground.unit}
              </td>
              <td className="tm-num" style={{ paddingInlineEnd: 12, whiteSpace: "nowrap" }}>
                {ground.criterion}
              </td>
              <td className="tm-muted" style={{ fontSize: 12 }}>
                {ground.source}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="tm-muted" style={{ fontSize: 12, marginTop: 6 }}>
        {statement.leads.length > 0
          ? t(`导联 ${statement.leads.join("、")}　`, `Leads ${statement.leads.join(", ")}  `)
          : ""}
        {statement.snomed ? `SNOMED CT ${statement.snomed}` : ""}
      </div>
    </div>
  );
}
