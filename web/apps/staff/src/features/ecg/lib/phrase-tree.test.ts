import type { Phrase } from "@tianmu/api/wire";
import { expect, it } from "vitest";
import { searchPhrases } from "./phrase-tree";

const phrase = (text_zh: string, pinyin_initials: string, group: string): Phrase => ({
  id: text_zh,
  group,
  group_name_zh: group,
  group_name_en: group,
  text_zh,
  text_en: "",
  personal: false,
  pinyin_initials,
  abnormal: false,
});
const all = [
  phrase("窦性心律不齐", "dxxlbq", "心律"),
  phrase("窦性心律", "dxxl", "心律"),
  phrase("心房颤动", "xfcd", "心律"),
  phrase("正常心电图", "zcxdt", "总体"),
];

it("finds by pinyin initials, the exact one first", () => {
  expect(searchPhrases(all, "dxxl")[0]?.phrases.map((p) => p.text_zh)).toEqual(["窦性心律", "窦性心律不齐"]);
  expect(searchPhrases(all, "XFCD")[0]?.phrases[0]?.text_zh).toBe("心房颤动");
});

it("finds by characters and keeps groups; an empty search gives all in their order", () => {
  expect(searchPhrases(all, "心电图")).toEqual([
    { group: "总体", name_zh: "总体", name_en: "总体", phrases: [all[3]] },
  ]);
  expect(searchPhrases(all, "").map((g) => g.phrases.length)).toEqual([3, 1]);
  expect(searchPhrases(all, "zzz")).toEqual([]);
});
