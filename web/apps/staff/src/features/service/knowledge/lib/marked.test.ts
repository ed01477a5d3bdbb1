import { expect, test } from "vitest";
import { excerpt, pieces } from "./marked";

test("overlapping pairs of characters are marked as one word", () => {
  expect(pieces("心电报告打印不出来", ["报告", "告打", "打印"])).toEqual([
    { at: 0, text: "心电", hit: false },
    { at: 2, text: "报告打印", hit: true },
    { at: 6, text: "不出来", hit: false },
  ]);
  expect(pieces("HIS 登录", ["his"])[0]).toEqual({ at: 0, text: "HIS", hit: true });
  expect(pieces("无", [])).toEqual([{ at: 0, text: "无", hit: false }]);
});

test("an excerpt shows the first hit", () => {
  const text = `${"前".repeat(200)}打印机离线${"后".repeat(200)}`;
  const shown = excerpt(text, ["打印"]);
  expect(shown).toContain("打印机离线");
  expect(shown.startsWith("…") && shown.endsWith("…")).toBe(true);
  expect(excerpt("短文", ["打印"])).toBe("短文");
});
