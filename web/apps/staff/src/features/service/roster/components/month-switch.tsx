import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, DatePicker } from "antd";
import dayjs from "dayjs";
import { monthAfter } from "../lib/month";

/** The month before, any month, the next one. */
export function MonthSwitch({ month, set }: { month: string; set: (month: string | undefined) => void }) {
  const t = useT();
  return (
    <>
      <Button
        icon={<LeftOutlined />}
        aria-label={t("上月", "Month before")}
        onClick={() => set(monthAfter(month, -1))}
      />
      <DatePicker
        picker="month"
        allowClear={false}
        aria-label={t("月份", "Month")}
        value={dayjs(`${month}-01`)}
        onChange={(value) => set(value?.format("YYYY-MM"))}
      />
      <Button icon={<RightOutlined />} aria-label={t("下月", "Next month")} onClick={() => set(monthAfter(month, 1))} />
    </>
  );
}
