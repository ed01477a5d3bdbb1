import { call, client } from "@tianmu/api/client";
import { asApiError } from "@tianmu/api/problem";

/** Claims the next exam that waits to be read; null when none waits. Those that others take meanwhile are passed over. */
export async function claimNext(): Promise<string | null> {
  const page = await call(client.GET("/api/v1/ecg/worklist", { params: { query: { queue: "to_read", limit: 20 } } }));
  for (const item of page.items) {
    if (item.state !== "submitted" || item.claimed_by) continue;
    try {
      await call(client.POST("/api/v1/ecg/exams/{exam_id}/claim", { params: { path: { exam_id: item.id } } }));
      return item.id;
    } catch (error) {
      if (asApiError(error).status !== 409) throw error;
    }
  }
  return null;
}
