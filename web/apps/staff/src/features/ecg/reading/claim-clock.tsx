import type { Exam } from "@tianmu/api/wire";
import { countdown } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { useNow } from "@tianmu/ui/lib/use-now";
import { useMe } from "../../session/session-context";

/** How long the exam stays ours; shown loudly only near the end. */
export function ClaimClock({ exam }: { exam: Exam }) {
  const t = useT();
  const me = useMe();
  const now = useNow();
  if (!exam.claim_until || (exam.claimed_by?.id !== me.account_id && exam.claimed_by?.id !== me.staff_id)) return null;
  const leftS = Math.floor((Date.parse(exam.claim_until) - now) / 1000);
  if (leftS < 0)
    return <span style={{ color: "#cf1322" }}>{t("接诊已超时，其他医生可以接诊", "The claim has timed out")}</span>;
  return (
    <span
      className="tm-num"
      style={{ color: leftS < 180 ? "#cf1322" : "#66727f" }}
      title={t("超过时间未操作，检查会退回列表", "Then the exam goes back to the list")}
    >
      {t(`占用剩余 ${countdown(leftS)}`, `Held for ${countdown(leftS)}`)}
    </span>
  );
}
