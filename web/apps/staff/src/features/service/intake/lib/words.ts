import type { IntakeItem, IntakeState } from "@tianmu/api/wire";

type Text = readonly [zh: string, en: string];

export const STATE_WORDS: Record<IntakeState, Text> = {
  waiting: ["待登记", "Waiting"],
  opened: ["已开工单", "Ticket opened"],
  noted: ["并入工单", "Put to a ticket"],
  dismissed: ["已忽略", "Dismissed"],
};

/** Why no ticket was opened by itself, or why nobody has to look at it. */
const REASON_WORDS: Record<string, Text> = {
  automatic: ["程序自动发出的邮件", "written by a program"],
  over_before_heard_of: ["收到时告警已恢复", "over before it was heard of"],
  organisation_unknown: ["告警标注的机构不存在", "the alert names no known institution"],
  contract_item_unknown: ["告警标注的项目不在合同内", "the alert names no item of the contract"],
  no_contract: ["没有有效的服务合同", "no contract has been entered"],
};

/** A dismissal has the words of a person. */
export function reasonText(reason: string): Text {
  return REASON_WORDS[reason] ?? [reason, reason];
}

const MAILBOX_WORDS: Record<string, Text> = {
  mailbox_unreachable: ["连不上邮件服务器", "the mail server cannot be reached"],
  mailbox_tls_failed: ["邮件服务器的证书不可信", "the server's certificate is not trusted"],
  mailbox_login_refused: ["用户名或授权码不对", "the password was refused"],
  mailbox_folder_missing: ["没有配置的文件夹", "there is no such folder"],
  mailbox_slow: ["邮件服务器没有及时回答", "the server took too long"],
  mailbox_failed: ["与邮件服务器的通信中断", "the line to the server broke"],
  letters_not_taken: ["邮件已读到，但没能登记，将自动重试", "letters were read and not taken; tried again"],
};

export function mailboxText(reason: string): Text {
  return MAILBOX_WORDS[reason] ?? [reason, reason];
}

/** From whom: the name, and the address that the letter claims. */
export function senderText(item: IntakeItem): string {
  if (item.channel === "alert") return item.source;
  return [item.sender_name, item.sender ? `<${item.sender}>` : ""].filter(Boolean).join(" ");
}
