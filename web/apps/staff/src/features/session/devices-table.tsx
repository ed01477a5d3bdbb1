import type { Device } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Popconfirm, Table, Tag } from "antd";
import { describeAgent } from "./describe-agent";

interface DevicesTableProps {
  devices: Device[] | undefined;
  error: unknown;
  onRetry: () => void;
  onEnd: (id: string) => void;
}

export function DevicesTable({ devices, error, onRetry, onEnd }: DevicesTableProps) {
  const t = useT();
  if (error) return <ErrorState error={error} onRetry={onRetry} />;
  if (!devices) return <LoadingState rows={3} />;
  return (
    <Table<Device>
      size="small"
      rowKey="id"
      pagination={false}
      dataSource={devices}
      locale={{ emptyText: t("没有已登录的设备", "No device is signed in") }}
      columns={[
        {
          title: t("设备", "Device"),
          render: (_, device) => (
            <span title={device.user_agent}>
              {describeAgent(device.user_agent)}{" "}
              {device.current ? <Tag color="blue">{t("本机", "This one")}</Tag> : null}
            </span>
          ),
        },
        { title: t("地址", "Address"), dataIndex: "address" },
        { title: t("登录时间", "Signed in"), render: (_, device) => dateTime(device.signed_in_at) },
        { title: t("最近使用", "Last seen"), render: (_, device) => dateTime(device.last_seen_at) },
        {
          title: "",
          align: "right",
          render: (_, device) =>
            device.current ? null : (
              <Popconfirm
                title={t("让该设备退出登录？", "Sign this device out?")}
                onConfirm={() => onEnd(device.id)}
                okText={t("下线", "Sign out")}
              >
                <Button size="small" danger>
                  {t("强制下线", "Sign out")}
                </Button>
              </Popconfirm>
            ),
        },
      ]}
    />
  );
}
