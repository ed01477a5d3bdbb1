import type { ResidentReportDetail } from "@tianmu/api/wire";
import { HttpWaveformSource } from "@tianmu/ecg-view";
import { EcgView } from "@tianmu/ecg-view/react";
import { useLang } from "@tianmu/ui/lib/use-lang";
import { useMemo } from "react";

const SETTINGS = { layout: "6x2" } as const;

export default function ResidentTrace({ report, toolbar }: { report: ResidentReportDetail; toolbar: boolean }) {
  const lang = useLang();
  const { sample_rate_hz, sample_count } = report.recording;
  const leads = report.recording.leads.join(" ");
  const source = useMemo(
    () =>
      new HttpWaveformSource(`/api/v1/resident/reports/${report.exam_id}/waveform`, {
        sampleRateHz: sample_rate_hz,
        sampleCount: sample_count,
        leads: leads.split(" "),
      }),
    [report.exam_id, sample_rate_hz, sample_count, leads],
  );
  return <EcgView source={source} locale={lang === "zh" ? "zh-CN" : "en"} toolbar={toolbar} settings={SETTINGS} />;
}
