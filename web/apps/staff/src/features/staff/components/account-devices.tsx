import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Button, Popconfirm } from "antd";
import { DevicesTable } from "../../session/devices-table";
import { useAccountDevices } from "../api/use-account-devices";
import { useEndAccountDevices } from "../api/use-end-account-devices";

export function AccountDevices({ accountId }: { accountId: string }) {
  const t = useT();
  const { message } = App.useApp();
  const words = useErrorText();
  const devices = useAccountDevices(accountId);
  const end = useEndAccountDevices(accountId);
  const finish = (device: string | null) =>
    end.mutate(device, {
      onSuccess: () => message.success(t("已强制下线", "Signed out")),
      onError: (error) => message.error(words(error).text),
    });
  return (
    <>
      <DevicesTable
        devices={devices.data?.items}
        error={devices.error}
        onRetry={() => void devices.refetch()}
        onEnd={finish}
      />
      <Popconfirm title={t("让该账号的全部设备退出登录？", "Sign out everywhere?")} onConfirm={() => finish(null)}>
        <Button danger style={{ marginTop: 10 }} disabled={!devices.data?.items.length}>
          {t("全部强制下线", "Sign out everywhere")}
        </Button>
      </Popconfirm>
    </>
  );
}
