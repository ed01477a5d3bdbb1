import type { ServiceDashboard } from "@tianmu/api/wire";
import { Chart } from "@tianmu/ui/chart";
import { palette } from "@tianmu/ui/theme";
import { span } from "@tianmu/ui/lib/time";
import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import { useMemo } from "react";
import { share } from "../lib/figures";

const GRID = { left: 44, right: 44, top: 34, bottom: 26 };
const whole = (value: number | null) => (value === null ? null : Math.floor(value * 1000) / 10);

/** What came in and what was solved, with the share of answers in time. */
export function TrendChart({ data }: { data: ServiceDashboard }) {
  const t = useT();
  const option = useMemo(() => {
    const names = [t("新开", "Opened"), t("办结", "Solved"), t("响应及时率", "Answered in time")];
    return {
      grid: GRID,
      tooltip: { trigger: "axis" },
      legend: { top: 4, data: names },
      xAxis: {
        type: "category",
        data: data.trend.map((p) => (data.unit === "month" ? p.from.slice(0, 7) : p.from.slice(5))),
        axisTick: { show: false },
      },
      yAxis: [
        { type: "value", minInterval: 1, splitLine: { lineStyle: { color: "#eef1f4" } } },
        { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value}%" }, splitLine: { show: false } },
      ],
      series: [
        { name: names[0], type: "bar", data: data.trend.map((p) => p.opened), barMaxWidth: 18 },
        { name: names[1], type: "bar", data: data.trend.map((p) => p.resolved), barMaxWidth: 18 },
        {
          name: names[2],
          type: "line",
          yAxisIndex: 1,
          connectNulls: true,
          symbolSize: 4,
          tooltip: { valueFormatter: (value: unknown) => (typeof value === "number" ? `${value}%` : "—") },
          data: data.trend.map((p) => whole(share(p.response))),
        },
      ],
    };
  }, [data, t]);
  return <Chart option={option} height={230} label={t("工单趋势", "Trend of tickets")} />;
}

/** The share that was answered, or solved, after so long. */
export function CurveChart({ data, which }: { data: ServiceDashboard; which: "response" | "resolution" }) {
  const t = useT();
  const lang = useLang();
  const option = useMemo(() => {
    const points = which === "response" ? data.response_curve : data.resolution_curve;
    return {
      grid: { ...GRID, top: 26, right: 20 },
      tooltip: { trigger: "axis", valueFormatter: (value: unknown) => `${value}%` },
      xAxis: {
        type: "category",
        boundaryGap: false,
        data: points.map((p) => span(p.seconds, lang).replace("小时00分", "小时").replace("天0小时", "天")),
      },
      yAxis: {
        type: "value",
        min: 0,
        max: 100,
        axisLabel: { formatter: "{value}%" },
        splitLine: { lineStyle: { color: "#eef1f4" } },
      },
      series: [
        {
          name: which === "response" ? t("已响应", "Answered") : t("已办结", "Solved"),
          type: "line",
          symbolSize: 5,
          areaStyle: { opacity: 0.08 },
          data: points.map((p) => whole(p.share)),
          markLine:
            which === "response"
              ? {
                  silent: true,
                  symbol: "none",
                  lineStyle: { color: palette.urgent, type: "dashed" },
                  label: { formatter: t("工作时间15分钟", "15 minutes"), position: "end", distance: 4 },
                  data: [{ xAxis: points.findIndex((p) => p.seconds === 900) }],
                }
              : undefined,
        },
      ],
    };
  }, [data, which, lang, t]);
  const label = which === "response" ? t("响应时长分布", "Time to answer") : t("办结时长分布", "Time to solution");
  return <Chart option={option} height={190} label={label} />;
}

/** The most frequent causes. */
export function CausesChart({ data }: { data: ServiceDashboard }) {
  const t = useT();
  const option = useMemo(() => {
    const causes = [...data.causes].reverse();
    return {
      grid: { left: 120, right: 36, top: 6, bottom: 22 },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
      xAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: "#eef1f4" } } },
      yAxis: {
        type: "category",
        axisTick: { show: false },
        axisLabel: { width: 108, overflow: "truncate" },
        data: causes.map((c) => c.name ?? t("未填原因", "No cause given")),
      },
      series: [
        {
          name: t("工单", "Tickets"),
          type: "bar",
          barMaxWidth: 14,
          label: { show: true, position: "right" },
          data: causes.map((c) => c.count),
        },
      ],
    };
  }, [data, t]);
  return (
    <Chart option={option} height={Math.max(120, 26 * data.causes.length + 34)} label={t("主要原因", "Top causes")} />
  );
}
