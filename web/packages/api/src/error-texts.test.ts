import { describe, expect, it } from "vitest";
import { errorText, fieldTexts } from "./error-texts";
import { ApiError, asApiError, toProblem } from "./problem";

const problem = (part: Record<string, unknown>) =>
  new ApiError(toProblem(409, { code: "x", status: 409, detail: "", title: "", ...part }));

describe("what a person reads when something fails", () => {
  it("says it in the wanted language", () => {
    expect(errorText(problem({ code: "login_failed" }), "zh")).toBe("账号或密码不正确。");
    expect(errorText(problem({ code: "login_failed" }), "en")).toBe("The login name or the password is not right.");
  });

  it("names who holds the exam", () => {
    expect(errorText(problem({ code: "claimed_by_other", params: { name: "钱文斌" } }), "zh")).toContain("钱文斌");
  });

  it("falls back to the server's own words for an unknown code", () => {
    expect(errorText(problem({ code: "brand_new", detail: "the moon is full" }), "zh")).toBe("the moon is full");
  });

  it("tells each field", () => {
    const error = problem({
      code: "validation_failed",
      errors: [
        { field: "phone", code: "phone_invalid", detail: "" },
        { field: "odd", code: "strange", detail: "is strange" },
      ],
    });
    expect(fieldTexts(error, "zh")).toEqual(["电话：电话号码不正确", "odd：is strange"]);
  });
});

describe("answers that are no problem documents", () => {
  it("maps a proxy's page by its status", () => {
    expect(toProblem(502, "<html>").code).toBe("service_unavailable");
    expect(toProblem(413, null).code).toBe("body_too_large");
    expect(toProblem(500, undefined).code).toBe("internal");
  });

  it("keeps an error that is one already", () => {
    const error = problem({ code: "forbidden" });
    expect(asApiError(error)).toBe(error);
    expect(asApiError(new Error("boom")).code).toBe("internal");
  });
});
