// Words of the service levels and of a contract's health.
import type { ContractHealth } from "@tianmu/api/wire";

type Text = readonly [zh: string, en: string];
type SignalCode = string;

/** Name, page, and what its number counts. */
export const SIGNALS: Record<SignalCode, { name: Text; path: string; bad: Text; watch: Text; good: Text }> = {
  response: {
    name: ["响应", "Response"],
    path: "/service/tickets?queue=unanswered",
    bad: ["张工单超时未响应", "tickets unanswered past their limit"],
    watch: ["张近30天响应超时", "answered late in the last 30 days"],
    good: ["近30天全部按时响应", "all answered in time for 30 days"],
  },
  handling: {
    name: ["办结", "Handling"],
    path: "/service/tickets?queue=late",
    bad: ["张工单超时未办结", "tickets unsolved past their limit"],
    watch: ["张近30天办结超时", "solved late in the last 30 days"],
    good: ["近30天全部按时办结", "all solved in time for 30 days"],
  },
  incidents: {
    name: ["安全事件", "Incidents"],
    path: "/service/incidents",
    bad: ["起事件有时限已过", "incidents past a limit"],
    watch: ["起事件尚在处理、报告或上报", "incidents with a clock running"],
    good: ["没有未了结的事件", "none open"],
  },
  requirements: {
    name: ["新增需求", "Requirements"],
    path: "/service/requirements?late=1",
    bad: ["项需求的反馈或节点已过期", "past feedback or a milestone"],
    watch: ["项需求", "requirements"],
    good: ["没有逾期的需求", "none overdue"],
  },
  corrections: {
    name: ["数据修改", "Data corrections"],
    path: "/service/corrections",
    bad: ["次未经审批先行操作", "done before their approval"],
    watch: ["份申请待审批", "waiting for approval"],
    good: ["没有待审批的申请", "none waiting"],
  },
  inspections: {
    name: ["巡检", "Inspections"],
    path: "/service/inspections",
    bad: ["次巡检逾期未提交", "inspections overdue"],
    watch: ["次巡检一周内到期", "due within a week"],
    good: ["按计划进行", "on plan"],
  },
  roster: {
    name: ["下月值班表", "Next month's roster"],
    path: "/service/roster",
    bad: ["份值班表逾期未发布", "roster overdue"],
    watch: ["份值班表一周内应发布", "roster due within a week"],
    good: ["已发布或未到期", "published or not due yet"],
  },
  payments: {
    name: ["付款", "Payments"],
    path: "/service/settlement?tab=payments",
    bad: ["期款项逾期", "instalments overdue"],
    watch: ["期款项30天内到期", "instalments due within 30 days"],
    good: ["没有到期未付的款项", "nothing due"],
  },
  penalties: {
    name: ["违约金", "Penalties"],
    path: "/service/settlement",
    bad: ["项违约金；累计已达上限", "penalties; the cap is reached"],
    watch: ["项违约金待双方复核", "waiting for both parties"],
    good: ["没有待复核的违约金", "none waiting"],
  },
  calendar: {
    name: ["节假日日历", "Calendar"],
    path: "/service/contracts?tab=calendar",
    bad: ["年未公布", "years unknown"],
    watch: ["个年度的放假通知尚未录入", "years without a notice"],
    good: ["合同期内已齐备", "complete for the term"],
  },
  renewal: {
    name: ["续签", "Renewal"],
    path: "/service/contracts",
    bad: ["份合同已到期且无后续合同", "ended without a successor"],
    watch: ["份合同临近到期，应提醒续签", "near its end: remind"],
    good: ["未到提醒期或已续签", "not due or followed"],
  },
};

export const SIGNAL_ORDER: Record<ContractHealth["signals"][number]["level"], number> = { bad: 0, watch: 1, good: 2 };

export const LEVEL_WORDS: Record<string, Text> = {
  bad: ["须处理", "Act"],
  watch: ["请关注", "Watch"],
  good: ["正常", "Good"],
};

export const KIND_WORDS: Record<string, Text> = {
  ticket: ["工单", "Ticket"],
  requirement: ["需求", "Requirement"],
  incident: ["事件", "Incident"],
};

export const KIND_PATHS: Record<string, string> = {
  ticket: "/service/tickets",
  requirement: "/service/requirements",
  incident: "/service/incidents",
};
