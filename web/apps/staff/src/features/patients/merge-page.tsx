import type { Patient } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { sexText } from "@tianmu/ui/patient-words";
import { ReasonDialog } from "@tianmu/ui/reason-dialog";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Button, Radio } from "antd";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { useMergePatients } from "./api/use-merge-patients";
import { usePatient } from "./api/use-patient";
import { IDENTIFIER_WORDS } from "./lib/words";
import "./merge-page.css";

/** Two records side by side, differences marked; one survives, the other is absorbed and can be restored. */
export function Page() {
  const t = useT();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [params] = useSearchParams();
  const first = usePatient(params.get("a") ?? undefined);
  const second = usePatient(params.get("b") ?? undefined);
  const merge = useMergePatients();
  const [survivor, setSurvivor] = useState<"a" | "b" | null>(null);
  const [asking, setAsking] = useState(false);
  if (first.isError) return <ErrorState error={first.error} onRetry={() => void first.refetch()} />;
  if (second.isError) return <ErrorState error={second.error} onRetry={() => void second.refetch()} />;
  if (!first.data || !second.data) return <LoadingState />;
  const a = first.data;
  const b = second.data;
  const rows: [label: string, of: (p: Patient) => string][] = [
    [t("姓名", "Name"), (p) => p.name],
    [t("性别", "Sex"), (p) => sexText(p.sex, t)],
    [t("出生日期", "Born"), (p) => p.birth_date ?? "—"],
    [t("证件类型", "Kind of ID"), (p) => t(...IDENTIFIER_WORDS[p.identifier_kind])],
    [t("证件号", "ID number"), (p) => p.identifier_masked ?? "—"],
    [t("电话", "Phone"), (p) => p.phone_masked ?? "—"],
    [t("住址", "Address"), (p) => p.address_masked ?? "—"],
    [t("民族", "Ethnicity"), (p) => p.ethnicity ?? "—"],
    [t("建档机构", "Registered at"), (p) => p.organisation_name],
    [t("建档时间", "Registered"), (p) => dateTime(p.created_at)],
    [t("备注", "Note"), (p) => p.note ?? "—"],
  ];
  const kept = survivor === "a" ? a : b;
  const absorbed = survivor === "a" ? b : a;
  return (
    <div style={{ maxWidth: 960 }}>
      <PageHeader
        title={t("核对并合并档案", "Compare and merge")}
        note={t("不一致之处以橙色标出", "Differences are marked")}
      />
      <div className="tm-panel merge-table-box">
        <table className="merge-table">
          <thead>
            <tr>
              <th scope="col">{t("项目", "Fact")}</th>
              {(["a", "b"] as const).map((side) => (
                <th scope="col" key={side}>
                  <Radio checked={survivor === side} onChange={() => setSurvivor(side)}>
                    {side === "a" ? t("保留档案一", "Keep the first") : t("保留档案二", "Keep the second")}
                  </Radio>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([label, of]) => {
              const differs = of(a) !== of(b);
              return (
                <tr key={label} className={differs ? "merge-differs" : undefined}>
                  <th scope="row">{label}</th>
                  <td>{of(a)}</td>
                  <td>{of(b)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <div style={{ display: "flex", gap: 8, marginTop: 12, alignItems: "center" }}>
        <Button type="primary" danger disabled={!survivor} onClick={() => setAsking(true)}>
          {t("合并", "Merge")}
        </Button>
        <Button onClick={() => navigate("/patients/duplicates")}>{t("返回", "Back")}</Button>
        <span className="tm-muted">{survivor ? null : t("请先选择要保留哪一份", "Choose which record to keep")}</span>
      </div>
      <ReasonDialog
        minLength={4}
        open={asking}
        title={t("合并档案", "Merge the records")}
        explain={t(
          `保留“${kept.name}（${kept.identifier_masked ?? "无证件"}）”，另一份“${absorbed.name}（${absorbed.identifier_masked ?? "无证件"}）”及其检查将并入。合并可以撤销。`,
          `“${kept.name}” stays; “${absorbed.name}” and its exams are absorbed. A merge can be undone.`,
        )}
        okText={t("确认合并", "Merge")}
        danger
        suggestions={[t("证件核对为同一人", "Same person by ID"), t("电话核实为同一人", "Verified by phone")]}
        onCancel={() => setAsking(false)}
        onConfirm={async (reason) => {
          await merge.mutateAsync({ survivorId: kept.id, absorbedId: absorbed.id, reason });
          message.success(t("已合并", "Merged"));
          navigate(`/patients/${kept.id}`);
        }}
      />
    </div>
  );
}
