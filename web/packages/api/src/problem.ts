import type { Problem } from "./wire";

/** Every failed call ends as an ApiError; `code` is the stable error code, `status` 0 when nothing was reached. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail || problem.title || problem.code);
    this.name = "ApiError";
    this.code = problem.code;
    this.status = problem.status;
    this.problem = problem;
  }

  param<T>(name: string): T | undefined {
    return this.problem.params?.[name] as T | undefined;
  }
}

export function localProblem(code: string, detail: string, status = 0): Problem {
  return { type: "about:blank", title: code, status, code, detail, request_id: "" };
}

/** Turns whatever a failed response carried into a Problem: a proxy's HTML page must not look like a program fault. */
export function toProblem(status: number, body: unknown): Problem {
  if (typeof body === "object" && body !== null && "code" in body && typeof body.code === "string") {
    const given = body as Partial<Problem>;
    return {
      type: given.type ?? "about:blank",
      title: given.title ?? given.code ?? "",
      status: given.status ?? status,
      code: given.code ?? "internal",
      detail: given.detail ?? "",
      request_id: given.request_id ?? "",
      errors: given.errors,
      params: given.params,
    };
  }
  const code =
    status === 413
      ? "body_too_large"
      : status === 429
        ? "too_many_requests"
        : status >= 502
          ? "service_unavailable"
          : "internal";
  return localProblem(code, "", status);
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(localProblem("internal", error instanceof Error ? error.message : String(error)));
}
