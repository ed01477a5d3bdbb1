import { ErrorState } from "@tianmu/ui/error-state";
import { day } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { DatePicker, Descriptions, Radio } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { DerivationView } from "../../components/derivation";
import { yuan } from "../../lib/money";
import { useTermination } from "../api/use-termination";

/** What party A would pay or get back if the contract ended on a day. A computation only: nothing is recorded. */
export function TerminationPanel({ contractId }: { contractId: string }) {
  const t = useT();
  const [ground, setGround] = useState("serious");
  const [ended, setEnded] = useState(day(Date.now()));
  const found = useTermination(contractId, ground, ended);
  return (
    <section className="service-panel">
      <div className="service-filters">
        <Radio.Group
          optionType="button"
          value={ground}
          onChange={(e) => setGround(String(e.target.value))}
          options={[
            { value: "serious", label: t("附件3 一.4（按90%支付）", "Annex 3 1.4 (90 %)") },
            { value: "grave", label: t("附件3 一.5（全额退还）", "Annex 3 1.5 (all back)") },
          ]}
        />
        <DatePicker
          aria-label={t("终止日期", "Ended on")}
          value={dayjs(ended)}
          onChange={(value) => value && setEnded(value.format("YYYY-MM-DD"))}
        />
      </div>
      {found.isError ? (
        <ErrorState error={found.error} />
      ) : found.data ? (
        <>
          <Descriptions
            size="small"
            column={3}
            items={[
              {
                key: "days",
                label: t("已履行", "Elapsed"),
                children: t(
                  `${found.data.elapsed_days} / ${found.data.term_days} 天`,
                  `${found.data.elapsed_days} of ${found.data.term_days} days`,
                ),
              },
              { key: "paid", label: t("已付", "Paid"), children: yuan(found.data.paid_cents) },
              { key: "payable", label: t("应付", "Payable"), children: yuan(found.data.payable_cents) },
              { key: "refund", label: t("应退", "Refund"), children: <b>{yuan(found.data.refund_cents)}</b> },
              { key: "due", label: t("尚欠", "Still due"), children: yuan(found.data.still_due_cents) },
            ]}
          />
          <DerivationView of={found.data.derivation} />
        </>
      ) : null}
    </section>
  );
}
