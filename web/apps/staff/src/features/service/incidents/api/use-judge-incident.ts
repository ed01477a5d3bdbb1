import { call, client } from "@tianmu/api/client";
import type { IncidentEvidence } from "@tianmu/api/wire";
import { keepPreviousData, useQuery } from "@tanstack/react-query";

/** What the contract's words give for evidence, before anything is recorded. */
export function useJudgement(evidence: IncidentEvidence) {
  return useQuery({
    queryKey: ["service-judgement", evidence],
    queryFn: () => call(client.POST("/api/v1/service/incidents/judge", { body: evidence })),
    placeholderData: keepPreviousData,
    retry: false,
  });
}
