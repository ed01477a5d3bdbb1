// What a page will ask is known from its address, long before the application runs: who is signed in, the exam, and its
// first samples. Asked here, in the first module, they are under way while the program is still being parsed.
import { askEarly } from "@tianmu/api/early";
import type { Exam } from "@tianmu/api/wire";
import { tileLength, windowUrl } from "@tianmu/ecg-view/tiles";

/** The exam whose trace is the point of the page at this address. */
export function tracedExam(path: string): string | null {
  return /^\/ecg\/(?:read|exams)\/([0-9a-f-]{36})\/?$/.exec(path)?.[1] ?? null;
}

/** Where the viewer gets the samples of a recording. */
export function waveformUrl(recordingId: string): string {
  return `/api/v1/ecg/recordings/${recordingId}/waveform`;
}

async function askSamples(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  if (!response.ok) return;
  const exam = (await response.clone().json()) as Exam;
  // As the pages choose: the recording of the report, else the newest. A wrong guess costs one answer.
  const recording = exam.recordings.find((each) => each.id === exam.report?.recording_id) ?? exam.recordings.at(-1);
  if (!recording) return;
  const { id, sample_rate_hz, sample_count } = recording;
  void askEarly(windowUrl(waveformUrl(id), 0, Math.min(tileLength(sample_rate_hz, sample_count), sample_count), 1));
}

export function askFirstQuestions(path: string): void {
  void askEarly("/api/v1/session");
  const exam = tracedExam(path);
  if (exam) void askSamples(askEarly(`/api/v1/ecg/exams/${exam}`)).catch(() => undefined);
}
