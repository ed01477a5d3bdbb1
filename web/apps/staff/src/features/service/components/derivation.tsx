import { type Translate, useLang, useT } from "@tianmu/ui/lib/use-lang";
import type { Derivation } from "@tianmu/api/wire";
import { FACT_WORDS, factValue, READING_SENTENCES, READING_WORDS } from "../lib/words";

/** A reading in the words of the contract's parties. */
function readingText(name: string, value: string, t: Translate): string {
  const known = READING_WORDS[name];
  const text = known?.values[value];
  const sentence = READING_SENTENCES[name];
  if (known && text) return `${t(...known.name)}：${t(...text)}`;
  return sentence ? t(sentence, value) : `${name} = ${value}`;
}

/** The same for what differs in an alternative: `repeat = linear, s1_late = literal`. */
export function otherReading(text: string, t: Translate): string {
  return text
    .split(", ")
    .map((part) => {
      const [name, value] = part.split(" = ");
      return name && value ? readingText(name, value, t) : part;
    })
    .join("；");
}

/** The readings that a result rests on. */
export function chosenReadings(of: Derivation, t: Translate): string {
  return of.readings.map((fact) => readingText(fact.name, fact.value, t)).join("；");
}

interface DerivationProps {
  of: Derivation;
  /** Readings and alternatives are shown elsewhere. */
  withoutReadings?: boolean;
}

/** How a value came about: clause, inputs, steps, readings, and what other readings would give. */
export function DerivationView({ of, withoutReadings }: DerivationProps) {
  const t = useT();
  const lang = useLang();
  if (!of.rule) return null;
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
      {!withoutReadings && of.readings.length > 0 ? (
        <>
          <dt>{t("读法", "Readings")}</dt>
          <dd>{chosenReadings(of, t)}</dd>
        </>
      ) : null}
      {!withoutReadings && of.alternatives.length > 0 ? (
        <>
          <dt>{t("其他读法", "Otherwise")}</dt>
          <dd>
            {of.alternatives.map((a) => (
              <div key={a.reading}>
                {otherReading(a.reading, t)} → <b className="tm-num">{a.result}</b>
              </div>
            ))}
          </dd>
        </>
      ) : null}
    </dl>
  );
}
