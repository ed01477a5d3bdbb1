import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Form, Input, Skeleton, Typography } from "antd";
import { useEffect, useRef } from "react";
import { useConfirmTotp } from "./api/use-confirm-totp";
import { useStartTotp } from "./api/use-start-totp";

export function TotpEnrol({ onDone }: { onDone: () => void }) {
  const t = useT();
  const start = useStartTotp();
  const confirm = useConfirmTotp();
  const asked = useRef(false);
  const begin = start.mutate;
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    begin();
  }, [begin]);
  if (start.isError) return <ErrorState error={start.error} onRetry={() => start.mutate()} />;
  if (!start.data) return <Skeleton active />;
  // The picture is shown as an image, so that nothing inside it can act as part of this page.
  const picture = `data:image/svg+xml;utf8,${encodeURIComponent(start.data.qr_svg)}`;
  return (
    <div>
      <ol style={{ paddingInlineStart: 20, margin: "0 0 12px" }}>
        <li>{t("用手机身份验证器扫描二维码；", "Scan the code with an authenticator app;")}</li>
        <li>{t("输入它显示的 6 位数字，完成绑定。", "enter the 6 digits it shows.")}</li>
      </ol>
      <div style={{ textAlign: "center" }}>
        <img src={picture} alt={t("动态验证码二维码", "QR code of the second factor")} width={180} height={180} />
        <div className="tm-muted" style={{ fontSize: 12 }}>
          {t("无法扫描时手工输入密钥：", "Or type the key: ")}
          <Typography.Text copyable code>
            {start.data.secret_base32}
          </Typography.Text>
        </div>
      </div>
      <Form
        layout="vertical"
        requiredMark={false}
        style={{ marginTop: 12 }}
        onFinish={async ({ code }: { code: string }) => {
          await confirm.mutateAsync(code).then(onDone, () => undefined);
        }}
      >
        <Form.Item
          name="code"
          label={t("动态验证码", "One-time code")}
          rules={[{ required: true, pattern: /^\d{6}$/, message: t("请输入 6 位数字", "Enter 6 digits") }]}
        >
          <Input inputMode="numeric" maxLength={6} autoComplete="one-time-code" />
        </Form.Item>
        {confirm.isError ? (
          <div style={{ marginBottom: 12 }}>
            <ErrorState error={confirm.error} />
          </div>
        ) : null}
        <Button type="primary" htmlType="submit" block loading={confirm.isPending}>
          {t("完成绑定", "Confirm")}
        </Button>
      </Form>
    </div>
  );
}
