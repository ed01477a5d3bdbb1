import { describe, expect, it } from "vitest";
import { countdown, dateTime, dateTimeSeconds, day, dayEnd, dayStart, shortTime, span } from "./time";

describe("instants are shown in Asia/Shanghai (UTC+8)", () => {
  it("moves across midnight and the year", () => {
    expect(dateTime("2026-12-31T16:30:00Z")).toBe("2027-01-01 00:30");
    expect(day("2026-11-22T15:59:59Z")).toBe("2026-11-22");
    expect(day("2026-11-22T16:00:00Z")).toBe("2026-11-23");
    expect(dateTimeSeconds("2026-11-22T10:05:09.123456Z")).toBe("2026-11-22 18:05:09");
  });
  it("shows a dash for what is missing or unreadable", () => {
    expect(dateTime(null)).toBe("—");
    expect(dateTime("2026-13-45")).toBe("—");
  });
  it("shortens what is near", () => {
    const now = Date.parse("2026-11-22T10:00:00Z");
    expect(shortTime("2026-11-22T01:02:00Z", now)).toBe("09:02");
    expect(shortTime("2026-11-21T15:00:00Z", now)).toBe("11-21 23:00");
    expect(shortTime("2025-11-21T15:00:00Z", now)).toBe("2025-11-21");
  });
});

describe("spans and clocks", () => {
  it("says spans as people do", () => {
    expect(span(59, "zh")).toBe("59秒");
    expect(span(60, "zh")).toBe("1分");
    expect(span(7500, "zh")).toBe("2小时05分");
    expect(span(100_000, "zh")).toBe("1天3小时");
    expect(span(7500, "en")).toBe("2 h 05");
    expect(span(-5, "zh")).toBe("0秒");
  });
  it("counts down and past zero", () => {
    expect(countdown(299)).toBe("04:59");
    expect(countdown(3720)).toBe("1:02:00");
    expect(countdown(-61)).toBe("-01:01");
  });
});

describe("days as bounds", () => {
  it("gives the instants of a Shanghai day", () => {
    expect(dayStart("2026-11-22")).toBe("2026-11-21T16:00:00.000Z");
    expect(dayEnd("2026-11-22")).toBe("2026-11-22T16:00:00.000Z");
  });
});
