import type { Incident } from "@tianmu/api/wire";
import { useT } from "@tianmu/ui/lib/use-lang";
import { chosenReadings, otherReading } from "../../components/derivation";
import { toCents, yuan } from "../../lib/money";

/** What the incident costs by each reading of the contract, the chosen one first. */
export function FineReadings({ fine }: { fine: NonNullable<Incident["fine"]> }) {
  const t = useT();
  const { derivation } = fine;
  const difference = (result: string) => {
    const cents = toCents(result);
    if (cents === null) return "—";
    const more = cents - fine.amount_cents;
    return `${more > 0 ? "+" : more < 0 ? "−" : ""}${yuan(Math.abs(more))}`;
  };
  if (derivation.readings.length === 0 && derivation.alternatives.length === 0) return null;
  return (
    <table className="service-table" aria-label={t("各读法的金额", "Amount by each reading")}>
      <thead>
        <tr>
          <th>{t("读法", "Reading")}</th>
          <th className="end">{t("金额（元）", "Amount (yuan)")}</th>
          <th className="end">{t("相差", "Difference")}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <td>
            <b>{t("采用", "Chosen")}</b>
            {derivation.readings.length > 0 ? `　${chosenReadings(derivation, t)}` : ""}
          </td>
          <td className="end">
            <b>{yuan(fine.amount_cents)}</b>
          </td>
          <td className="end" />
        </tr>
        {derivation.alternatives.map((other) => (
          <tr key={other.reading}>
            <td>{otherReading(other.reading, t)}</td>
            <td className="end">{yuan(toCents(other.result) ?? 0)}</td>
            <td className="end">{difference(other.result)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
