import { type FiducialsChange, HttpWaveformSource, type ViewAnalysis } from "@tianmu/ecg-view";
import { EcgView } from "@tianmu/ecg-view/react";
import { fetchOrTake } from "@tianmu/api/early";
import type { Recording } from "@tianmu/api/wire";
import { useLang } from "@tianmu/ui/lib/use-lang";
import { useMemo } from "react";
import { waveformUrl } from "../../../app/first-questions";
import { noteTraceDrawn } from "../../../app/trace-first";

export interface TraceProps {
  recording: Recording;
  /** Lines of the median beat were moved: the intervals between them are measurements of the person. */
  onFiducialsChange?: (change: FiducialsChange) => void;
}

/** The trace of one recording; fetched in windows, measured by the viewer. */
export function TraceView({ recording, onFiducialsChange }: TraceProps) {
  const lang = useLang();
  const { id, sample_rate_hz, sample_count } = recording;
  const leadNames = recording.leads.join(" ");
  const source = useMemo(
    () =>
      new HttpWaveformSource(
        waveformUrl(id),
        { sampleRateHz: sample_rate_hz, sampleCount: sample_count, leads: leadNames.split(" ") },
        fetchOrTake,
      ),
    [id, sample_rate_hz, sample_count, leadNames],
  );
  // The document knows the levels of signal quality as text; the viewer shows those it knows.
  const viewed = recording.analysis as ViewAnalysis | null;
  return (
    <EcgView
      source={source}
      analysis={viewed}
      locale={lang === "zh" ? "zh-CN" : "en"}
      onFiducialsChange={onFiducialsChange}
      onDrawn={noteTraceDrawn}
      onError={noteTraceDrawn}
    />
  );
}
