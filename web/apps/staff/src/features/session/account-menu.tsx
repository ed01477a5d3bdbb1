import { UserOutlined } from "@ant-design/icons";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Dropdown } from "antd";
import { lazy, Suspense, useState } from "react";
import type { AccountPanel } from "./account-panels";
import { useSession } from "./session-context";

// Rarely opened: loaded then.
const AccountPanels = lazy(async () => ({ default: (await import("./account-panels")).AccountPanels }));

export function AccountMenu() {
  const t = useT();
  const { me, signOut } = useSession();
  const [panel, setPanel] = useState<AccountPanel | null>(null);
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            { key: "who", disabled: true, label: `${me.login_name}${me.title ? ` · ${me.title}` : ""}` },
            { type: "divider" },
            { key: "password", label: t("修改密码", "Change password") },
            { key: "devices", label: t("登录设备", "Signed-in devices") },
            { key: "totp", label: t("动态验证码", "Second factor") },
            { type: "divider" },
            { key: "out", label: t("退出登录", "Sign out") },
          ],
          onClick: ({ key }) => {
            if (key === "out") void signOut();
            else setPanel(key as AccountPanel);
          },
        }}
      >
        <Button
          type="text"
          size="small"
          icon={<UserOutlined />}
          aria-label={t(`账号：${me.display_name}`, `Account: ${me.display_name}`)}
        >
          {me.display_name}
        </Button>
      </Dropdown>
      {panel ? (
        <Suspense fallback={null}>
          <AccountPanels panel={panel} close={() => setPanel(null)} />
        </Suspense>
      ) : null}
    </>
  );
}
