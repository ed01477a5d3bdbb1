import { errorDetail, errorText, fieldTexts } from "@tianmu/api/error-texts";
import { asApiError } from "@tianmu/api/problem";
import { useCallback } from "react";
import { useLang } from "./use-lang";

export interface ErrorWords {
  text: string;
  detail: string | null;
  fields: string[];
  requestId: string | null;
}

export function useErrorText(): (error: unknown) => ErrorWords {
  const lang = useLang();
  return useCallback(
    (error: unknown) => {
      const api = asApiError(error);
      return {
        text: errorText(api, lang),
        detail: errorDetail(api, lang),
        fields: fieldTexts(api, lang),
        requestId: api.problem.request_id || null,
      };
    },
    [lang],
  );
}
