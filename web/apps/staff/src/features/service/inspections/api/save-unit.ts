import { call, client } from "@tianmu/api/client";
import type { Batch } from "../lib/outbox";

/** Sends a batch of answers; with its key, sending it again has its effect once. */
export function saveUnit(inspectionId: string, unitId: string, batch: Batch) {
  const { key, ...body } = batch;
  return call(
    client.PUT("/api/v1/service/inspections/{inspection_id}/units/{unit_id}", {
      params: { path: { inspection_id: inspectionId, unit_id: unitId }, header: { "Idempotency-Key": key } },
      body,
    }),
  );
}
