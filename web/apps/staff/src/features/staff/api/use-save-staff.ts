import { call, client } from "@tianmu/api/client";
import type { Sex } from "@tianmu/api/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export interface StaffInput {
  name?: string;
  sex?: Sex;
  title?: string | null;
  licence_number?: string | null;
  phone?: string | null;
  organisation_id?: string;
  department_id?: string | null;
  active?: boolean;
}

/** Creates without an id, changes with one. */
export function useSaveStaff(id: string | null) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: StaffInput) => {
      if (id !== null)
        return call(client.PATCH("/api/v1/staff/{staff_id}", { params: { path: { staff_id: id } }, body }));
      // `active` belongs to changes only: whoever is entered works here.
      const { active: _, name = "", organisation_id = "", sex = "unknown", ...rest } = body;
      return call(client.POST("/api/v1/staff", { body: { ...rest, name, organisation_id, sex } }));
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["staff"] }),
  });
}
