import { PhoneOutlined } from "@ant-design/icons";
import { useT } from "@tianmu/ui/lib/use-lang";
import { can } from "../../../../app/permissions";
import { useMe } from "../../../session/session-context";
import { useDutyNow } from "../api/use-duty-now";
import "../roster.css";

/** Whom to call now, with the number; nothing for people who may not see it. */
export function DutyCard() {
  const t = useT();
  const allowed = can(useMe(), "readRoster");
  const duty = useDutyNow(allowed).data;
  if (!duty || !allowed) return null;
  const title =
    duty.kind === "off_day"
      ? t("今日值班", "On duty today")
      : duty.kind === "working_day"
        ? t("今日驻场", "On site today")
        : t("今日值班", "On duty today");
  return (
    <section className="duty-card" aria-label={title}>
      <b>{title}</b>
      {duty.people.length === 0 ? (
        <span className="service-late">
          {t("值班表尚未发布，请拨打服务热线。", "No roster is published; call the hotline.")}
        </span>
      ) : (
        duty.people.map((person) => (
          <span key={person.account_id} className="duty-person">
            {person.name}
            {person.backup ? <span className="tm-muted">{t("（备班）", " (second)")}</span> : null}{" "}
            <a href={`tel:${person.phone}`} className="tm-num">
              <PhoneOutlined /> {person.phone}
            </a>
          </span>
        ))
      )}
      {duty.handover ? (
        <span className="tm-muted">{t(`交接：${duty.handover}`, `Hand-over: ${duty.handover}`)}</span>
      ) : null}
    </section>
  );
}
