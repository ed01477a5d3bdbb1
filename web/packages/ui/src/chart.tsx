import type { EChartsCoreOption } from "echarts/core";
import * as echarts from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { palette } from "./theme";

// Only what the program draws, so that a page with a chart stays small. SVG prints sharp.
echarts.use([
  BarChart,
  LineChart,
  GridComponent,
  TooltipComponent,
  LegendComponent,
  MarkLineComponent,
  AriaComponent,
  SVGRenderer,
]);

interface ChartProps {
  option: EChartsCoreOption;
  height: number;
  /** What the picture shows, for who cannot see it. */
  label: string;
}

const BASE: EChartsCoreOption = {
  animation: false,
  color: [palette.primary, "#7fb2d9", palette.urgent, palette.good, palette.routine],
  textStyle: { fontFamily: "inherit", fontSize: 12 },
  aria: { enabled: true },
};

/** A chart that follows the width of its place. */
export function Chart({ option, height, label }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.EChartsType>(null);
  useEffect(() => {
    if (!place.current) return;
    const made = echarts.init(place.current, undefined, { renderer: "svg" });
    chart.current = made;
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      made.dispose();
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption({ ...BASE, ...option }, { notMerge: true });
  }, [option]);
  return <div ref={place} role="img" aria-label={label} style={{ height, width: "100%" }} />;
}
