import { ArrowLeftOutlined, CloudOutlined, DisconnectOutlined, UnorderedListOutlined } from "@ant-design/icons";
import type { Inspection, InspectionUnit } from "@tianmu/api/wire";
import { EmptyState } from "@tianmu/ui/empty-state";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { ReasonDialog } from "@tianmu/ui/reason-dialog";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { useMe } from "../../session/session-context";
import { useInspection } from "./api/use-inspection";
import { type Abnormal, abnormalOf } from "./components/abnormal-list";
import { FindingDialog } from "./components/finding-dialog";
import { ItemCard } from "./components/item-card";
import { SubmitDialog } from "./components/submit-dialog";
import { UnitDrawer } from "./components/unit-drawer";
import { allNormal, listOf, nextUnit, openItems, shown, skipReason } from "./lib/progress";
import { type Refusal, useOutbox } from "./lib/use-outbox";
import { KIND_WORDS } from "./lib/words";
import "./fill-page.css";

export function Page() {
  const t = useT();
  const { id = "" } = useParams();
  const inspection = useInspection(id);
  useEffect(() => {
    document.title = `${t("填写巡检", "Fill in an inspection")} · 天目`;
  }, [t]);
  // What is on this device stays usable while the line is lost.
  if (!inspection.data)
    return (
      <div className="fill-page">
        {inspection.isError ? (
          <ErrorState error={inspection.error} onRetry={() => void inspection.refetch()} />
        ) : (
          <LoadingState rows={8} />
        )}
      </div>
    );
  return <Filling key={id} inspection={inspection.data} />;
}

function Filling({ inspection }: { inspection: Inspection }) {
  const t = useT();
  const me = useMe();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const words = useErrorText();
  const [params, setParams] = useSearchParams();
  const [drawer, setDrawer] = useState(false);
  const [submit, setSubmit] = useState(false);
  const [skipping, setSkipping] = useState(false);
  const [finding, setFinding] = useState<Abnormal | null>(null);
  const body = useRef<HTMLDivElement>(null);
  const refusal = ({ unitId, error, codes }: Refusal) => {
    const unit = inspection.unit_list.find((each) => each.id === unitId);
    const items = unit ? (listOf(inspection, unit)?.items ?? []) : [];
    const names = codes?.map((code) => {
      const item = items.find((each) => each.code === code);
      return item ? t(item.zh, item.en) : code;
    });
    const { text, fields } = words(error);
    message.warning(
      names
        ? t(
            `${unit?.label ?? ""}：${names.join("、")} 已由同事填写，现在显示的是对方的结果。`,
            `${unit?.label ?? ""}: a colleague has answered ${names.join(", ")}; theirs is shown now.`,
          )
        : `${unit?.label ?? ""} ${fields[0] ?? text}`,
      8,
    );
  };
  const { outbox, waiting, offline, tap, skip, retry } = useOutbox(inspection, me.account_id, refusal);
  const unit: InspectionUnit | undefined =
    inspection.unit_list.find((each) => each.id === params.get("unit")) ??
    nextUnit(inspection, null, outbox) ??
    inspection.unit_list[0];
  const choose = (unitId: string) => {
    setParams({ unit: unitId }, { replace: true });
    setDrawer(false);
    body.current?.scrollTo({ top: 0 });
  };
  const may = inspection.allowed_actions.includes("fill");
  const back = `/service/inspections/${inspection.id}`;
  if (!may || !unit)
    return (
      <div className="fill-page">
        <EmptyState
          text={t("这次巡检现在不能填写。", "This inspection cannot be filled in now.")}
          action={
            <Link to={back}>
              <Button type="primary">{t("查看巡检", "Open it")}</Button>
            </Link>
          }
        />
      </div>
    );
  const list = listOf(inspection, unit);
  const open = openItems(inspection, unit, outbox);
  const left = inspection.unit_list.reduce((sum, each) => sum + openItems(inspection, each, outbox).length, 0);
  const skipped = skipReason(unit, outbox);
  const following = nextUnit(inspection, unit.id, outbox);
  const checks = allNormal(inspection, unit, outbox);
  const goOn = () => {
    const first = open[0];
    if (first) {
      const card = body.current?.querySelector<HTMLElement>(`[data-code="${first.code}"]`);
      card?.scrollIntoView({ behavior: "smooth", block: "center" });
      card?.querySelector<HTMLElement>("input, .fill-verdict")?.focus({ preventScroll: true });
    } else if (following) choose(following.id);
    else if (waiting > 0) retry();
    else setSubmit(true);
  };
  const nextText = open[0]
    ? t(`下一项：${open[0].zh}`, `Next: ${open[0].en}`)
    : following
      ? t(`下一台：${following.label}`, `Next unit: ${following.label}`)
      : waiting > 0
        ? t("等待上传…", "Waiting to be sent…")
        : t("全部完成，提交报告", "All done: submit");
  const abnormal = abnormalOf(inspection, t);
  return (
    <div className="fill-page">
      <header className="fill-bar">
        <button type="button" className="fill-icon" aria-label={t("返回", "Back")} onClick={() => navigate(back)}>
          <ArrowLeftOutlined />
        </button>
        <button type="button" className="fill-title" onClick={() => setDrawer(true)}>
          <b>{unit.label}</b>
          <small>
            {t(...KIND_WORDS[inspection.kind])} · {unit.position}/{inspection.unit_list.length} ·{" "}
            {t(`还剩 ${left} 项`, `${left} left`)}
          </small>
        </button>
        <button
          type="button"
          className="fill-icon"
          aria-label={t("全部设备", "All units")}
          onClick={() => setDrawer(true)}
        >
          <UnorderedListOutlined />
        </button>
      </header>
      <output className={offline ? "fill-sync fill-offline" : "fill-sync"} aria-live="polite">
        {offline ? (
          <button type="button" onClick={retry}>
            <DisconnectOutlined />{" "}
            {t(`没有网络，${waiting} 项保存在本机，会自动上传`, `No connection: ${waiting} kept here, sent later`)}
          </button>
        ) : waiting > 0 ? (
          t(`正在保存 ${waiting} 项…`, `Saving ${waiting}…`)
        ) : (
          <>
            <CloudOutlined /> {t("已保存", "Saved")}
          </>
        )}
      </output>
      <div className="fill-body" ref={body}>
        <p className="fill-about">
          {list ? t(list.name_zh, list.name_en) : ""}
          {[unit.organisation_name, unit.place, unit.serial_number].filter(Boolean).map((part) => (
            <span key={part}> · {part}</span>
          ))}
        </p>
        {skipped ? (
          <div className="fill-item fill-skipped">
            <p>
              <b>{t("未检：", "Skipped: ")}</b>
              {skipped}
            </p>
            <button type="button" className="fill-tool" onClick={() => skip(unit.id, "")}>
              {t("改为检查", "Inspect it after all")}
            </button>
          </div>
        ) : (
          <>
            {(list?.items ?? []).map((item) => {
              const found = abnormal.find((each) => each.unitId === unit.id && each.code === item.code);
              const ticket = inspection.finding_list.find((f) => f.unit_id === unit.id && f.code === item.code);
              return (
                <ItemCard
                  key={`${unit.id}/${item.code}`}
                  inspectionId={inspection.id}
                  unitId={unit.id}
                  item={item}
                  shown={shown(unit, item.code, outbox)}
                  open={open.some((each) => each.code === item.code)}
                  photos={inspection.attachments.filter(
                    (file) => file.part === `${unit.id}/${item.code}` && file.voided_at === null,
                  )}
                  onAnswer={(answer) => tap(unit.id, answer)}
                  ticketNumber={ticket?.ticket_number}
                  onReport={found && waiting === 0 ? () => setFinding(found) : undefined}
                />
              );
            })}
            <div className="fill-more">
              {checks.length > 0 ? (
                <button
                  type="button"
                  className="fill-tool"
                  onClick={() => {
                    for (const answer of checks) tap(unit.id, answer);
                  }}
                >
                  {t(`其余 ${checks.length} 项检查均正常`, `The other ${checks.length} checks are in order`)}
                </button>
              ) : null}
              <button type="button" className="fill-tool" onClick={() => setSkipping(true)}>
                {t("这台没法检查", "Cannot inspect this one")}
              </button>
            </div>
          </>
        )}
      </div>
      <footer className="fill-foot">
        <button type="button" className="fill-next" onClick={goOn}>
          {nextText}
        </button>
      </footer>
      <UnitDrawer
        inspection={inspection}
        outbox={outbox}
        current={unit.id}
        open={drawer}
        onClose={() => setDrawer(false)}
        onChoose={choose}
      />
      <ReasonDialog
        open={skipping}
        title={t(`${unit.label} 没法检查`, `${unit.label} cannot be inspected`)}
        okText={t("确定", "OK")}
        suggestions={[
          t("机构未开门", "Institution closed"),
          t("设备返修中", "Out for repair"),
          t("设备停用", "Out of use"),
        ]}
        onCancel={() => setSkipping(false)}
        onConfirm={async (reason) => {
          skip(unit.id, reason);
          setSkipping(false);
        }}
      />
      {submit ? (
        <SubmitDialog
          inspection={inspection}
          onClose={() => {
            setSubmit(false);
            navigate(back);
          }}
          onOpenUnit={(unitId) => {
            setSubmit(false);
            choose(unitId);
          }}
        />
      ) : null}
      {finding ? <FindingDialog inspection={inspection} found={finding} onClose={() => setFinding(null)} /> : null}
    </div>
  );
}
