import { useT } from "@tianmu/ui/lib/use-lang";
import { Modal } from "antd";

export function HelpSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useT();
  const report: [string, string][] = [
    ["Ctrl+S", t("立即保存", "Save now")],
    ["Ctrl+Enter", t("签发（判读）/ 审核通过（审核）/ 接诊", "Sign / approve / claim")],
    ["F2", t("写心电图所见", "Findings")],
    ["F4", t("写诊断结论", "Conclusion")],
    ["F3", t("查找短语（输入拼音首字母，回车采用）", "Find a phrase (initials, Enter)")],
    ["Alt+1 / 2 / 3", t("自动提示 / 测量值 / 短语", "Machine / values / phrases")],
    ["Alt+H", t("流程与版本", "History")],
    ["F1", t("本说明", "This sheet")],
  ];
  const viewer: [string, string][] = [
    ["1 2 3", t("走纸速度 12.5 / 25 / 50 mm/s", "Speed 12.5 / 25 / 50 mm/s")],
    ["+ −", t("增益", "Gain")],
    ["← →", t("移动波形", "Scroll")],
    ["Home End", t("到开头 / 结尾", "Start / end")],
    ["L", t("导联排列", "Layout")],
    ["F", t("滤波", "Filters")],
    ["C", t("测量卡尺", "Caliper")],
    ["R", t("连续步进（等距）", "March out")],
    ["M", t("放大镜", "Magnifier")],
    ["B", t("心搏标记", "Beat marks")],
    ["A", t("平均心搏", "Median beats")],
    ["Z", t("适应窗口 / 真实比例", "Fit / true scale")],
  ];
  const table = (rows: [string, string][]) => (
    <table className="help-keys">
      <tbody>
        {rows.map(([key, text]) => (
          <tr key={key}>
            <td>
              <kbd>{key}</kbd>
            </td>
            <td>{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t("键盘快捷键", "Keyboard shortcuts")} width={720}>
      <div style={{ display: "grid", gridTemplateColumns: "1fr 1fr", gap: 20 }}>
        <section>
          <h3 style={{ fontSize: 14, margin: "0 0 4px" }}>{t("报告", "Report")}</h3>
          {table(report)}
        </section>
        <section>
          <h3 style={{ fontSize: 14, margin: "0 0 4px" }}>{t("波形（先点一下波形）", "Trace (click it first)")}</h3>
          {table(viewer)}
        </section>
      </div>
    </Modal>
  );
}
