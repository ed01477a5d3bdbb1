import { expect, it } from "vitest";
import { csvCell, toCsv } from "./csv";

it("quotes what RFC 4180 wants quoted", () => {
  expect(csvCell('他说"疼", 三天')).toBe('"他说""疼"", 三天"');
  expect(csvCell("两行\n文字")).toBe('"两行\n文字"');
  expect(csvCell(-3)).toBe("-3");
  expect(csvCell(null)).toBe("");
});

it("defuses formulas", () => {
  expect(csvCell("=HYPERLINK(1)")).toBe("'=HYPERLINK(1)");
  expect(csvCell("@x")).toBe("'@x");
});

it("writes BOM and CRLF", () => {
  expect(toCsv(["姓名"], [["甲"]])).toBe("\uFEFF姓名\r\n甲\r\n");
});
