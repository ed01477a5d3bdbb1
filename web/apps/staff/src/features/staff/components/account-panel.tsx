import type { AccountBrief, Staff } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { dateTime } from "@tianmu/ui/lib/time";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { useNow } from "@tianmu/ui/lib/use-now";
import { Alert, App, Button, Descriptions, Form, Input, Popconfirm, Typography } from "antd";
import { useState } from "react";
import { can } from "../../../app/permissions";
import { useMe } from "../../session/session-context";
import { useCreateAccount } from "../api/use-create-account";
import { useDisableAccount } from "../api/use-disable-account";
import { useEnableAccount } from "../api/use-enable-account";
import { useRemoveAccountTotp } from "../api/use-remove-account-totp";
import { useResetPassword } from "../api/use-reset-password";
import { useUnlockAccount } from "../api/use-unlock-account";
import { accountState, initialPassword } from "../lib/account-state";
import { AccountTag } from "./account-tag";

export function AccountPanel({ staff }: { staff: Staff }) {
  const t = useT();
  const manages = can(useMe(), "manageAccounts");
  const [handedOver, setHandedOver] = useState<{ login: string; password: string } | null>(null);
  return (
    <>
      {handedOver ? (
        <Alert
          type="success"
          showIcon
          closable
          style={{ marginBottom: 12 }}
          title={t(
            "请当面交给本人，首次登录时须修改。关闭后不再显示。",
            "Hand it over in person; it must be changed at the first sign-in. It is not shown again.",
          )}
          description={
            <>
              {t("登录名", "Login name")} <b>{handedOver.login}</b>
              {"　"}
              {t("初始密码", "Initial password")}{" "}
              <Typography.Text code copyable>
                {handedOver.password}
              </Typography.Text>
            </>
          }
        />
      ) : null}
      {staff.account ? (
        <Existing
          account={staff.account}
          manages={manages}
          onPassword={(password) => setHandedOver({ login: staff.account?.login_name ?? "", password })}
        />
      ) : manages ? (
        <NewAccount staffId={staff.id} onCreated={(login, password) => setHandedOver({ login, password })} />
      ) : (
        <span className="tm-muted">
          {t("还没有账号，由安全管理员开通。", "No account yet: the security administrator creates it.")}
        </span>
      )}
    </>
  );
}

function Existing({
  account,
  manages,
  onPassword,
}: {
  account: AccountBrief;
  manages: boolean;
  onPassword: (password: string) => void;
}) {
  const t = useT();
  const { message } = App.useApp();
  const words = useErrorText();
  const now = useNow();
  const disable = useDisableAccount();
  const enable = useEnableAccount();
  const unlock = useUnlockAccount();
  const reset = useResetPassword();
  const removeTotp = useRemoveAccountTotp();
  const state = accountState(account, now);
  const options = {
    onSuccess: () => void message.success(t("已完成", "Done")),
    onError: (error: unknown) => void message.error(words(error).text),
  };
  return (
    <>
      <Descriptions
        size="small"
        column={2}
        items={[
          { key: "login", label: t("登录名", "Login name"), children: account.login_name },
          { key: "state", label: t("状态", "State"), children: <AccountTag account={account} /> },
          { key: "last", label: t("最近登录", "Last sign-in"), children: dateTime(account.last_sign_in_at) },
          {
            key: "totp",
            label: t("动态验证码", "Second factor"),
            children: account.totp_enrolled ? t("已绑定", "Enrolled") : t("未绑定", "Not enrolled"),
          },
          ...(state === "locked"
            ? [{ key: "locked", label: t("锁定至", "Locked until"), children: dateTime(account.locked_until) }]
            : []),
        ]}
      />
      {manages ? (
        <div style={{ display: "flex", gap: 8, flexWrap: "wrap", marginTop: 8 }}>
          {state === "locked" ? (
            <Button type="primary" loading={unlock.isPending} onClick={() => unlock.mutate(account.id, options)}>
              {t("解锁", "Unlock")}
            </Button>
          ) : null}
          <Popconfirm
            title={t(
              "重置密码？原密码立即失效，全部设备退出登录。",
              "Reset the password? The old one stops working at once.",
            )}
            onConfirm={() =>
              reset.mutate(account.id, {
                onSuccess: (answer) => onPassword(answer.initial_password),
                onError: options.onError,
              })
            }
          >
            <Button loading={reset.isPending}>{t("重置密码", "Reset password")}</Button>
          </Popconfirm>
          {account.totp_enrolled ? (
            <Popconfirm
              title={t("解除动态验证码？用于手机丢失，本人须重新绑定。", "Remove the second factor? For a lost phone.")}
              onConfirm={() => removeTotp.mutate(account.id, options)}
            >
              <Button>{t("解除动态验证码", "Remove second factor")}</Button>
            </Popconfirm>
          ) : null}
          {account.enabled ? (
            <Popconfirm
              title={t("停用账号？立即退出登录且不能再登录。", "Disable the account?")}
              onConfirm={() => disable.mutate(account.id, options)}
            >
              <Button danger>{t("停用账号", "Disable")}</Button>
            </Popconfirm>
          ) : (
            <Button onClick={() => enable.mutate(account.id, options)}>{t("启用账号", "Enable")}</Button>
          )}
        </div>
      ) : null}
    </>
  );
}

function NewAccount({ staffId, onCreated }: { staffId: string; onCreated: (login: string, password: string) => void }) {
  const t = useT();
  const create = useCreateAccount();
  return (
    <Form
      layout="vertical"
      requiredMark={false}
      initialValues={{ initial_password: initialPassword() }}
      onFinish={(fields: { login_name: string; initial_password: string }) =>
        create.mutate(
          { staff_id: staffId, ...fields, login_name: fields.login_name.trim() },
          { onSuccess: () => onCreated(fields.login_name.trim(), fields.initial_password) },
        )
      }
    >
      <Form.Item
        name="login_name"
        label={t("登录名", "Login name")}
        rules={[
          {
            required: true,
            pattern: /^[a-z][a-z0-9._-]{2,31}$/,
            message: t("小写字母开头，3 至 32 位字母、数字、点、横线", "3–32 of a–z, 0–9, . _ -, a letter first"),
          },
        ]}
      >
        <Input maxLength={32} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="initial_password"
        label={t("初始密码（首次登录须修改）", "Initial password (changed at first sign-in)")}
        rules={[{ required: true, min: 10, message: t("至少 10 个字符", "At least 10 characters") }]}
      >
        <Input maxLength={64} autoComplete="off" />
      </Form.Item>
      {create.isError ? (
        <div style={{ marginBottom: 12 }}>
          <ErrorState error={create.error} />
        </div>
      ) : null}
      <Button type="primary" htmlType="submit" loading={create.isPending}>
        {t("开通账号", "Create account")}
      </Button>
    </Form>
  );
}
