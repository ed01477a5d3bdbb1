import type { Inspection } from "@tianmu/api/wire";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Table } from "antd";
import { Link } from "react-router";
import { fileUrl } from "../../attachments/lib/files";

export interface Abnormal {
  unitId: string;
  unit: string;
  organisationId: string | null;
  code: string;
  item: string;
  said: string;
  remark: string;
}

/** What was found abnormal, in the order of the equipment. */
export function abnormalOf(inspection: Inspection, lang: (zh: string, en: string) => string): Abnormal[] {
  return inspection.unit_list
    .filter((unit) => unit.skip_reason === null)
    .flatMap((unit) => {
      const list = inspection.checklists.find((each) => each.code === unit.type_code);
      return (list?.items ?? []).flatMap((item) => {
        const answer = unit.answers[item.code];
        if (answer?.verdict !== "abnormal" || answer.by_name === null) return [];
        return [
          {
            unitId: unit.id,
            unit: unit.label,
            organisationId: unit.organisation_id,
            code: item.code,
            item: lang(item.zh, item.en),
            said: answer.value ? `${answer.value} ${item.unit ?? ""}` : "",
            remark: answer.remark ?? "",
          },
        ];
      });
    });
}

interface AbnormalListProps {
  inspection: Inspection;
  onReport: ((found: Abnormal) => void) | null;
}

/** Abnormal items with their photos and tickets. */
export function AbnormalList({ inspection, onReport }: AbnormalListProps) {
  const t = useT();
  const rows = abnormalOf(inspection, t);
  const skipped = inspection.unit_list.filter((unit) => unit.skip_reason !== null);
  if (rows.length === 0 && skipped.length === 0)
    return <span className="tm-muted">{t("没有异常。", "Nothing abnormal.")}</span>;
  return (
    <>
      {rows.length > 0 ? (
        <Table<Abnormal>
          size="small"
          pagination={false}
          rowKey={(row) => `${row.unitId}/${row.code}`}
          dataSource={rows}
          scroll={{ x: 720 }}
          columns={[
            { key: "unit", title: t("设备", "Unit"), width: 150, render: (_, row) => row.unit },
            { key: "item", title: t("项目", "Item"), width: 160, render: (_, row) => row.item },
            { key: "said", title: t("结果", "Value"), width: 90, render: (_, row) => row.said || "×" },
            { key: "remark", title: t("说明", "Remark"), render: (_, row) => row.remark },
            {
              key: "photos",
              title: t("照片", "Photos"),
              width: 110,
              render: (_, row) =>
                inspection.attachments
                  .filter((file) => file.part === `${row.unitId}/${row.code}` && file.voided_at === null)
                  .map((file, n) => (
                    <a
                      key={file.id}
                      href={fileUrl(file.id)}
                      target="_blank"
                      rel="noreferrer"
                      style={{ marginInlineEnd: 6 }}
                    >
                      {t(`照片${n + 1}`, `photo ${n + 1}`)}
                    </a>
                  )),
            },
            {
              key: "ticket",
              title: t("工单", "Ticket"),
              width: 170,
              render: (_, row) => {
                const finding = inspection.finding_list.find((f) => f.unit_id === row.unitId && f.code === row.code);
                if (finding)
                  return (
                    <Link to={`/service/tickets/${finding.ticket_id}`} className="tm-num">
                      {finding.ticket_number}
                    </Link>
                  );
                return onReport ? (
                  <Button size="small" onClick={() => onReport(row)}>
                    {t("转工单", "Open a ticket")}
                  </Button>
                ) : (
                  "—"
                );
              },
            },
          ]}
        />
      ) : null}
      {skipped.length > 0 ? (
        <ul style={{ margin: "8px 0 0", paddingInlineStart: 18 }}>
          {skipped.map((unit) => (
            <li key={unit.id}>
              {unit.label} {t("未检：", "skipped: ")}
              {unit.skip_reason}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
