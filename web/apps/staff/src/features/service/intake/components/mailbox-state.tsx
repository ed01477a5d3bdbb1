import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert } from "antd";
import { useMailbox } from "../api/use-mailbox";
import { mailboxText } from "../lib/words";

/** Says that letters do not come in: whoever waits for them must know. Nothing while all is well. */
export function MailboxState() {
  const t = useT();
  const mailbox = useMailbox().data;
  if (!mailbox) return null;
  if (!mailbox.configured)
    return (
      <p className="tm-muted">
        {t("尚未配置收信邮箱；可由管理员在配置文件中设置。", "No mailbox is configured; an administrator can set one.")}
      </p>
    );
  if (mailbox.reason)
    return (
      <Alert
        type="error"
        showIcon
        style={{ marginBottom: 12 }}
        title={t(
          `自 ${dateTime(mailbox.failing_since)} 起收不到邮件：${mailboxText(mailbox.reason)[0]}`,
          `No letters come in since ${dateTime(mailbox.failing_since)}: ${mailboxText(mailbox.reason)[1]}`,
        )}
      />
    );
  return (
    <p className="tm-muted">
      {t(`邮箱正常，最近查收 ${dateTime(mailbox.read_at)}`, `Letters come in; last look ${dateTime(mailbox.read_at)}`)}
    </p>
  );
}
