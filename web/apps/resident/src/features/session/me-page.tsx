import { setLang } from "@tianmu/ui/lib/lang";
import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import { Button, Dialog, List, Popup, Switch, Toast } from "antd-mobile";
import { useState } from "react";
import { useNavigate } from "react-router";
import { isLargePrint, setLargePrint } from "../../app/print-size";
import { Screen } from "../../app/screen";
import { signOut } from "./api/sign-out";
import { ChangePassword } from "./change-password";
import { useMe } from "./session-context";

export function Page() {
  const t = useT();
  const lang = useLang();
  const me = useMe();
  const navigate = useNavigate();
  const [large, setLarge] = useState(isLargePrint);
  const [changing, setChanging] = useState(false);
  return (
    <Screen title={t("我的", "Me")} onBack={() => navigate("/")}>
      <List style={{ borderRadius: 10, overflow: "hidden", marginBottom: 12 }}>
        <List.Item description={me.login_name}>{me.display_name}</List.Item>
        <List.Item
          extra={
            <Switch
              checked={large}
              aria-label={t("大字显示", "Large print")}
              onChange={(value) => {
                setLarge(value);
                setLargePrint(value);
              }}
            />
          }
        >
          {t("大字显示", "Large print")}
        </List.Item>
        <List.Item onClick={() => setLang(lang === "zh" ? "en" : "zh")} extra={lang === "zh" ? "中文" : "English"}>
          {t("语言", "Language")}
        </List.Item>
        <List.Item onClick={() => setChanging(true)}>{t("修改密码", "Change password")}</List.Item>
      </List>
      <Button
        block
        size="large"
        color="danger"
        fill="outline"
        onClick={() =>
          void Dialog.confirm({
            content: t("确定退出登录？", "Sign out?"),
            confirmText: t("退出登录", "Sign out"),
            cancelText: t("取消", "Cancel"),
            onConfirm: signOut,
          })
        }
      >
        {t("退出登录", "Sign out")}
      </Button>
      <Popup
        visible={changing}
        onMaskClick={() => setChanging(false)}
        destroyOnClose
        showCloseButton
        onClose={() => setChanging(false)}
        bodyStyle={{ paddingTop: 32 }}
      >
        <ChangePassword
          onDone={() => {
            setChanging(false);
            Toast.show({ icon: "success", content: t("密码已修改", "Changed") });
          }}
        />
      </Popup>
    </Screen>
  );
}
