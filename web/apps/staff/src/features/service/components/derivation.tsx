import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import type { Derivation } from "@tianmu/api/wire";
import { FACT_WORDS, factValue, READING_SENTENCES, READING_WORDS } from "../lib/words";

/** How a value came about: clause, inputs, steps, readings, and what other readings would give. */
export function DerivationView({ of }: { of: Derivation }) {
  const t = useT();
  const lang = useLang();
  if (!of.rule) return null;
  const reading = (name: string, value: string) => {
    const known = READING_WORDS[name];
    const text = known?.values[value];
    const sentence = READING_SENTENCES[name];
    if (known && text) return `${t(...known.name)}：${t(...text)}`;
    return sentence ? t(sentence, value) : `${name} = ${value}`;
  };
  const other = (text: string) =>
    text
      .split(", ")
      .map((part) => {
        const [name, value] = part.split(" = ");
        return name && value ? reading(name, value) : part;
      })
      .join("；");
  return (
    <dl className="service-derivation">
      <dt>{t("依据", "Clause")}</dt>
      <dd>{of.clause}</dd>
      {of.inputs.length > 0 ? (
        <>
          <dt>{t("输入", "Given")}</dt>
          <dd>
            {of.inputs
              .filter((fact) => fact.value !== "")
              .map(
                (fact) =>
                  `${t(...(FACT_WORDS[fact.name] ?? [fact.name, fact.name]))} ${t(factValue(fact.value), fact.value)}`,
              )
              .join("；")}
          </dd>
        </>
      ) : null}
      {of.steps.length > 0 ? (
        <>
          <dt>{t("计算", "Steps")}</dt>
          <dd>
            {(lang === "zh" && of.steps_zh.length > 0 ? of.steps_zh : of.steps).map((step) => (
              <div key={step} className="tm-num">
                {step}
              </div>
            ))}
          </dd>
        </>
      ) : null}
      {of.readings.length > 0 ? (
        <>
          <dt>{t("读法", "Readings")}</dt>
          <dd>{of.readings.map((fact) => reading(fact.name, fact.value)).join("；")}</dd>
        </>
      ) : null}
      {of.alternatives.length > 0 ? (
        <>
          <dt>{t("其他读法", "Otherwise")}</dt>
          <dd>
            {of.alternatives.map((a) => (
              <div key={a.reading}>
                {other(a.reading)} → <b className="tm-num">{a.result}</b>
              </div>
            ))}
          </dd>
        </>
      ) : null}
    </dl>
  );
}
