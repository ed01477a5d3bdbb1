import type { DuplicatePair, PatientBrief } from "@tianmu/api/wire";
import { DataTable } from "@tianmu/ui/data-table";
import { PageHeader } from "@tianmu/ui/page-header";
import { sexText } from "@tianmu/ui/patient-words";
import { ReasonDialog } from "@tianmu/ui/reason-dialog";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Button, Progress } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { useDismissDuplicate } from "./api/use-dismiss-duplicate";
import { useDuplicates } from "./api/use-duplicates";
import { Reasons } from "./components/reasons";
import { REASON_WORDS } from "./lib/words";

export function Page() {
  const t = useT();
  const { message } = App.useApp();
  const list = useDuplicates();
  const dismiss = useDismissDuplicate();
  const [chosen, setChosen] = useState<DuplicatePair | null>(null);
  const who = (p: PatientBrief) => (
    <div style={{ lineHeight: 1.5 }}>
      <Link to={`/patients/${p.id}`}>{p.name}</Link> {sexText(p.sex, t)} {p.age_text}
      <div className="tm-muted tm-num" style={{ fontSize: 12 }}>
        {p.identifier_masked ?? t("无证件", "no ID")}　{p.phone_masked ?? ""}
        <div>{p.organisation_name}</div>
      </div>
    </div>
  );
  return (
    <>
      <PageHeader
        title={t("疑似重复档案", "Possible duplicates")}
        note={t("逐对核对：是同一人则合并，不是则排除。", "Check each pair: merge, or dismiss.")}
      />
      <DataTable<DuplicatePair>
        label={t("疑似重复档案", "Possible duplicates")}
        list={list}
        rowKey={(pair) => pair.id}
        empty={t("没有疑似重复的档案。", "No possible duplicates.")}
        columns={[
          { key: "a", title: t("档案一", "First"), render: (pair) => who(pair.a) },
          { key: "b", title: t("档案二", "Second"), render: (pair) => who(pair.b) },
          {
            key: "reasons",
            title: t("相似处", "Alike in"),
            width: 230,
            render: (pair) => <Reasons reasons={pair.reasons} words={REASON_WORDS} />,
          },
          {
            key: "score",
            title: t("相似度", "Score"),
            width: 120,
            render: (pair) => <Progress percent={Math.round(pair.score)} size="small" />,
          },
          { key: "found", title: t("发现时间", "Found"), width: 140, render: (pair) => dateTime(pair.found_at) },
          {
            key: "act",
            title: t("操作", "Action"),
            width: 170,
            render: (pair) => (
              <span style={{ display: "flex", gap: 6 }}>
                <Link to={`/patients/duplicates/merge?a=${pair.a.id}&b=${pair.b.id}`}>
                  <Button size="small" type="primary">
                    {t("核对合并", "Compare")}
                  </Button>
                </Link>
                <Button size="small" onClick={() => setChosen(pair)}>
                  {t("不是同一人", "Dismiss")}
                </Button>
              </span>
            ),
          },
        ]}
      />
      <ReasonDialog
        minLength={4}
        open={chosen !== null}
        title={t("排除这一对", "Dismiss this pair")}
        explain={
          chosen
            ? t(`“${chosen.a.name}”与“${chosen.b.name}”今后不再提示重复。`, "This pair will not be shown again.")
            : null
        }
        okText={t("排除", "Dismiss")}
        suggestions={[
          t("已电话核实，不是同一人", "Verified by phone"),
          t("双胞胎，不是同一人", "Twins"),
          t("同名不同人", "Namesakes"),
        ]}
        onCancel={() => setChosen(null)}
        onConfirm={async (reason) => {
          if (!chosen) return;
          await dismiss.mutateAsync({ id: chosen.id, reason });
          setChosen(null);
          message.success(t("已排除", "Dismissed"));
        }}
      />
    </>
  );
}
