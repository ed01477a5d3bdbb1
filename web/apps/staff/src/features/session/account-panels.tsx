import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { ErrorState } from "@tianmu/ui/error-state";
import { Alert, App, Button, Form, Input, Modal } from "antd";
import { useDevices } from "./api/use-devices";
import { useEndDevice } from "./api/use-end-device";
import { useRemoveTotp } from "./api/use-remove-totp";
import { DevicesTable } from "./devices-table";
import { PasswordForm } from "./password-form";
import { useSession } from "./session-context";
import { TotpEnrol } from "./totp-enrol";

export type AccountPanel = "password" | "devices" | "totp";

export function AccountPanels({ panel, close }: { panel: AccountPanel; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const titles: Record<AccountPanel, string> = {
    password: t("修改密码", "Change password"),
    devices: t("登录设备", "Signed-in devices"),
    totp: t("动态验证码", "Second factor"),
  };
  return (
    <Modal open title={titles[panel]} footer={null} onCancel={close} width={panel === "devices" ? 760 : 420}>
      {panel === "password" ? (
        <PasswordForm
          onDone={() => {
            message.success(t("密码已修改", "The password is changed"));
            close();
          }}
        />
      ) : panel === "devices" ? (
        <MyDevices />
      ) : (
        <MyTotp onDone={close} />
      )}
    </Modal>
  );
}

function MyDevices() {
  const devices = useDevices(true);
  const end = useEndDevice();
  const words = useErrorText();
  const { message } = App.useApp();
  return (
    <DevicesTable
      devices={devices.data?.items}
      error={devices.error}
      onRetry={() => void devices.refetch()}
      onEnd={(id) => end.mutate(id, { onError: (error) => message.error(words(error).text) })}
    />
  );
}

function MyTotp({ onDone }: { onDone: () => void }) {
  const t = useT();
  const { me, refresh } = useSession();
  const { message } = App.useApp();
  const remove = useRemoveTotp();
  if (!me.totp_enrolled) {
    return (
      <TotpEnrol
        onDone={() => {
          message.success(t("已绑定，下次登录起生效", "Enrolled: it is asked for from the next sign-in"));
          void refresh();
          onDone();
        }}
      />
    );
  }
  return (
    <Form
      layout="vertical"
      requiredMark={false}
      onFinish={({ password }: { password: string }) =>
        remove.mutate(password, {
          onSuccess: () => {
            void refresh();
            onDone();
          },
        })
      }
    >
      <Alert
        type="success"
        showIcon
        style={{ marginBottom: 12 }}
        title={t("已绑定动态验证码。", "A second factor is enrolled.")}
        description={
          me.totp_required
            ? t(
                "您的角色必须使用动态验证码；解除后须马上重新绑定。",
                "Your role requires it: you will have to enrol again at once.",
              )
            : undefined
        }
      />
      <Form.Item
        name="password"
        label={t("输入密码以解除绑定", "Password, to remove it")}
        rules={[{ required: true, message: t("请输入密码", "Enter your password") }]}
      >
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      {remove.isError ? (
        <div style={{ marginBottom: 12 }}>
          <ErrorState error={remove.error} />
        </div>
      ) : null}
      <Button danger htmlType="submit" loading={remove.isPending}>
        {t("解除绑定", "Remove")}
      </Button>
    </Form>
  );
}
