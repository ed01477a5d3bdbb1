import { expect, it } from "vitest";
import {
  conclusionLines,
  type Draft,
  draftOf,
  editable,
  missingForSign,
  reportInput,
  sameDraft,
  withIntervals,
  withPhrase,
} from "./report-draft";

const draft: Draft = {
  recordingId: "r1",
  findings: "窦性P波",
  conclusion: "窦性心律\n\n 电轴左偏 ",
  abnormal: true,
  edited: { pr_ms: 168 },
};

it("sends one diagnosis a line without empty ones", () => {
  expect(conclusionLines(draft.conclusion)).toEqual(["窦性心律", "电轴左偏"]);
  expect(reportInput(draft, 7)).toEqual({
    recording_id: "r1",
    measurements: [{ name: "pr_ms", edited: 168 }],
    findings: "窦性P波",
    conclusion: ["窦性心律", "电轴左偏"],
    abnormal: true,
    row_version: 7,
  });
});

it("adds a phrase once", () => {
  expect(withPhrase("窦性心律", "电轴左偏")).toBe("窦性心律\n电轴左偏");
  expect(withPhrase("窦性心律", "窦性心律")).toBe("窦性心律");
  expect(withPhrase("", "窦性心律")).toBe("窦性心律");
  expect(withPhrase("窦性心律", "窦性心律\n电轴左偏")).toBe("窦性心律\n电轴左偏");
});

it("does not call white space a change", () => {
  expect(sameDraft(draft, { ...draft, conclusion: "窦性心律\n电轴左偏" })).toBe(true);
  expect(sameDraft(draft, { ...draft, edited: {} })).toBe(false);
});

it("tells what is missing before a signature", () => {
  expect(missingForSign(draft)).toEqual([]);
  expect(missingForSign({ ...draft, findings: " ", conclusion: "\n" })).toEqual(["findings", "conclusion"]);
});

it("starts empty on the newest recording when there is no report", () => {
  expect(draftOf({ recordings: [{ id: "a" }, { id: "b" }] as never, report: null })).toEqual({
    recordingId: "b",
    findings: "",
    conclusion: "",
    abnormal: false,
    edited: {},
  });
});

it("may be edited only by whom the server allows", () => {
  expect(editable(["save_report", "sign"])).toBe(true);
  expect(editable(["claim"])).toBe(false);
});

it("takes over moved fiducials as edits, and their return as none", () => {
  const machine = { pr_ms: 158.4, qrs_ms: 92 } as never;
  expect(withIntervals({ qt_ms: 400 }, { pr_ms: 170, qrs_ms: 92 }, machine)).toEqual({ qt_ms: 400, pr_ms: 170 });
  expect(withIntervals({ pr_ms: 170 }, { pr_ms: 158 }, machine)).toEqual({});
});
