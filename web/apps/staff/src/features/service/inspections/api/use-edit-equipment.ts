import { call, client } from "@tianmu/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export interface EquipmentChange {
  id: string;
  label: string;
  serial_number?: string;
  place?: string;
  organisation_id?: string;
  monitoring_name?: string;
  row_version: number;
}

export function useEditEquipment() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: EquipmentChange) =>
      call(client.PUT("/api/v1/service/equipment/{equipment_id}", { params: { path: { equipment_id: id } }, body })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["service", "equipment"] }),
  });
}
