// Live hints: the server sends what changed, the screens fetch it again. One EventSource per page; the browser
// reconnects by itself, and after a gap everything live is fetched again because hints may have been missed.
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

export const LIVE_TOPICS = [
  "ecg_exam_changed",
  "ecg_report_published",
  "ecg_report_withdrawn",
  "patient_changed",
  "patients_merged",
  "job_dead",
  "service_record_changed",
] as const;
export type LiveTopic = (typeof LIVE_TOPICS)[number];
export interface LiveEvent {
  id: string;
  topic: LiveTopic;
  resource_id: string;
  at: string;
}

/** The query keys that a hint makes stale. */
export function staleKeys(event: Pick<LiveEvent, "topic" | "resource_id">): string[][] {
  switch (event.topic) {
    case "ecg_exam_changed":
    case "ecg_report_published":
    case "ecg_report_withdrawn":
      return [
        ["ecg", "worklist"],
        ["ecg", "counts"],
        ["ecg", "exams"],
        ["ecg", "exam", event.resource_id],
      ];
    case "patient_changed":
    case "patients_merged":
      return [["patients"], ["patient", event.resource_id]];
    case "job_dead":
      return [["jobs"]];
    case "service_record_changed":
      return [["service"]];
  }
}

function refresh(queries: QueryClient, event: LiveEvent): void {
  for (const queryKey of staleKeys(event)) void queries.invalidateQueries({ queryKey });
}

/** True while the live channel is open. */
export function useLive(enabled: boolean): boolean {
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!enabled || typeof EventSource === "undefined") return;
    let source: EventSource | null = null;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let lost = false;
    const connect = () => {
      source = new EventSource("/api/v1/events");
      source.onopen = () => {
        setOpen(true);
        if (lost) void queries.invalidateQueries({ queryKey: ["ecg"] });
        // What changed between a page's first answers and this moment was hinted to nobody here.
        else void queries.invalidateQueries({ queryKey: ["ecg", "exam"] });
        lost = false;
      };
      source.onerror = () => {
        setOpen(false);
        lost = true;
        // A refused stream is closed for good by the browser: try again ourselves, slowly.
        if (source?.readyState === EventSource.CLOSED) retry = setTimeout(connect, 15_000);
      };
      // The server drops hints for a reader that falls far behind, and says so.
      source.addEventListener("reload", () => void queries.invalidateQueries());
      for (const topic of LIVE_TOPICS) {
        source.addEventListener(topic, (message) => {
          try {
            refresh(queries, { ...(JSON.parse((message as MessageEvent<string>).data) as LiveEvent), topic });
          } catch {
            void queries.invalidateQueries({ queryKey: ["ecg"] });
          }
        });
      }
    };
    connect();
    return () => {
      clearTimeout(retry);
      source?.close();
      setOpen(false);
    };
  }, [enabled, queries]);
  return open;
}
