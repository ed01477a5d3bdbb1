import { CheckCircleFilled, InfoCircleOutlined } from "@ant-design/icons";
import type { Attachment, InspectionAnswerInput, InspectionItem, InspectionVerdict } from "@tianmu/api/wire";
import { shortTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Input } from "antd";
import { useEffect, useState } from "react";
import { isNumber, outside, type Shown } from "../lib/progress";
import { rangeText, VERDICT_WORDS } from "../lib/words";
import { ItemPhotos } from "./item-photos";

interface ItemCardProps {
  inspectionId: string;
  unitId: string;
  item: InspectionItem;
  shown: Shown;
  open: boolean;
  photos: Attachment[];
  onAnswer: (answer: InspectionAnswerInput) => void;
  /** Not given where it has a ticket, or none can be opened. */
  onReport?: () => void;
  ticketNumber?: string;
}

const VERDICTS: InspectionVerdict[] = ["normal", "abnormal", "not_applicable"];

/** One thing to look at: three large buttons, a value where there is one, a remark and photos where it is not in order. */
export function ItemCard(props: ItemCardProps) {
  const t = useT();
  const { item, shown } = props;
  const valued = item.kind !== "check";
  const [value, setValue] = useState(shown.value);
  const [remark, setRemark] = useState(shown.remark);
  const [method, setMethod] = useState(false);
  // What the server or somebody else says takes the place of what is not being typed.
  useEffect(() => setValue(shown.value), [shown.value]);
  useEffect(() => setRemark(shown.remark), [shown.remark]);
  const wrong = item.kind === "number" && value.trim() !== "" && !isNumber(value);
  const beyond = item.kind === "number" && !wrong && outside(item, value);
  const verdict = shown.verdict !== "not_applicable" && shown.verdict !== null && beyond ? "abnormal" : shown.verdict;
  const wantsRemark = verdict !== null && verdict !== "normal";
  const answer = (next: InspectionVerdict | null, changed: { value?: string; remark?: string } = {}) => {
    const text = (changed.value ?? value).trim();
    const note = (changed.remark ?? remark).trim();
    props.onAnswer({
      code: item.code,
      verdict: next,
      value: valued && next !== "not_applicable" && next !== null ? text : undefined,
      remark: note || undefined,
    });
  };
  const choose = (next: InspectionVerdict) => {
    if (valued && next !== "not_applicable" && (value.trim() === "" || wrong)) return;
    answer(next);
  };
  const type = (text: string) => {
    setValue(text);
    if (text.trim() === "") {
      if (shown.verdict !== null && shown.verdict !== "not_applicable") answer(null, { value: text });
    } else if (item.kind !== "number" || isNumber(text)) {
      answer(verdict === "abnormal" && !beyond ? "abnormal" : "normal", { value: text });
    }
  };
  const range = item.low || item.high ? rangeText(item) : "";
  return (
    <article
      className={props.open ? "fill-item" : "fill-item fill-done"}
      data-code={item.code}
      aria-label={t(item.zh, item.en)}
    >
      <header>
        <h3>{t(item.zh, item.en)}</h3>
        {props.open ? null : <CheckCircleFilled className="fill-tick" aria-label={t("已完成", "Done")} />}
        <button
          type="button"
          className="fill-info"
          aria-expanded={method}
          aria-label={t("检查方法", "Method")}
          onClick={() => setMethod(!method)}
        >
          <InfoCircleOutlined />
        </button>
      </header>
      {method ? (
        <p className="tm-muted fill-method">
          {t(item.method_zh, item.method_en)}
          {item.source ? <small>{item.source}</small> : null}
        </p>
      ) : null}
      {shown.unconfirmed !== null ? (
        <button
          type="button"
          className="fill-measured"
          onClick={() => (shown.verdict ? answer(shown.verdict) : undefined)}
        >
          <span>
            {t("监控值", "Measured")} <b>{shown.value || (shown.verdict ? t(...VERDICT_WORDS[shown.verdict]) : "")}</b>{" "}
            {item.unit} <small>{`${shown.unconfirmed} ${shortTime(shown.measured_at)}`}</small>
          </span>
          <strong>{t("确认", "Confirm")}</strong>
        </button>
      ) : null}
      {valued ? (
        <div className="fill-value">
          <Input
            size="large"
            aria-label={t(item.zh, item.en)}
            inputMode={item.kind === "number" ? "decimal" : "text"}
            maxLength={item.kind === "number" ? 20 : 500}
            status={wrong || beyond ? "error" : undefined}
            value={value}
            onChange={(event) => type(event.target.value)}
            suffix={item.unit}
            placeholder={item.kind === "number" ? t("填数值", "Value") : t("填写", "Text")}
          />
          {range ? <small className={beyond ? "fill-bad" : "tm-muted"}>{range}</small> : null}
          {wrong ? <small className="fill-bad">{t("请填数字，如 21.5", "A number, such as 21.5")}</small> : null}
        </div>
      ) : null}
      <fieldset className="fill-verdicts" aria-label={t("结果", "Verdict")}>
        {VERDICTS.map((each) => (
          <button
            key={each}
            type="button"
            className={`fill-verdict fill-${each}`}
            aria-pressed={verdict === each && shown.unconfirmed === null}
            disabled={
              (each === "normal" && beyond) || (valued && each !== "not_applicable" && (value.trim() === "" || wrong))
            }
            onClick={() => choose(each)}
          >
            {t(...VERDICT_WORDS[each])}
          </button>
        ))}
      </fieldset>
      {wantsRemark ? (
        <Input.TextArea
          className="fill-remark"
          size="large"
          aria-label={t("说明", "Remark")}
          placeholder={
            verdict === "abnormal"
              ? t("异常说明（必填）", "What is wrong (needed)")
              : t("为什么不适用（必填）", "Why not (needed)")
          }
          autoSize={{ minRows: 2, maxRows: 5 }}
          maxLength={500}
          status={remark.trim() === "" ? "warning" : undefined}
          value={remark}
          onChange={(event) => {
            setRemark(event.target.value);
            answer(verdict, { remark: event.target.value });
          }}
        />
      ) : null}
      {verdict === "abnormal" || props.photos.length > 0 ? (
        <ItemPhotos
          inspectionId={props.inspectionId}
          part={`${props.unitId}/${item.code}`}
          photos={props.photos}
          extra={
            props.ticketNumber ? (
              <span className="fill-ticket tm-num">{props.ticketNumber}</span>
            ) : props.onReport ? (
              <button type="button" className="fill-tool" onClick={props.onReport}>
                {t("转工单", "Ticket")}
              </button>
            ) : null
          }
        />
      ) : null}
    </article>
  );
}
