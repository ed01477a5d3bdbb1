type Text = readonly [zh: string, en: string];

export const CHANNEL_WORDS: Record<string, Text> = {
  email: ["邮件", "Mail"],
  sms: ["短信", "Short message"],
  webhook: ["群机器人", "Webhook"],
};

export const STATE_WORDS: Record<string, Text> = {
  queued: ["待发送", "Waiting"],
  retrying: ["重试中", "Retrying"],
  sent: ["已发送", "Sent"],
  failed: ["失败", "Failed"],
  suppressed: ["未发送", "Held back"],
};

export const STATE_COLOURS: Record<string, string> = {
  queued: "default",
  retrying: "orange",
  sent: "green",
  failed: "red",
  suppressed: "default",
};

/** Why a message was not sent. */
export const REASON_WORDS: Record<string, Text> = {
  too_many: ["一小时内过多", "too many in an hour"],
  address_gone: ["地址已移除或账号已停用", "the address was removed or the account closed"],
  address_invalid: ["地址无效", "no valid address"],
  channel_not_configured: ["通道未配置", "not configured"],
  receiver_refused: ["对方拒收", "refused by the receiver"],
  receiver_busy: ["对方繁忙", "the receiver is busy"],
  receiver_slow: ["对方超时", "the receiver does not answer"],
  receiver_unreachable: ["无法连接", "cannot be reached"],
  receiver_failed: ["对方故障", "the receiver failed"],
  interrupted: ["发送中断", "interrupted"],
};

export const LEVEL_WORDS: Record<"all" | "urgent" | "none", Text> = {
  all: ["全部提醒", "Everything"],
  urgent: ["仅紧急", "What is urgent"],
  none: ["不接收", "Nothing"],
};
