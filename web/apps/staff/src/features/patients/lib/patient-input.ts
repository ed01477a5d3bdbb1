import type { PatientInput } from "@tianmu/api/wire";

export type RegistrationKind = "ordinary" | "newborn" | "unidentified";

export interface PatientFields {
  name?: string;
  sex?: PatientInput["sex"];
  birth_date?: string | null;
  identifier_kind?: PatientInput["identifier_kind"];
  identifier_number?: string;
  phone?: string;
  address?: string;
  ethnicity?: string;
  note?: string;
  mother_id?: string;
  birth_order?: number | null;
}

const orNull = (text: string | undefined | null) => {
  const trimmed = text?.trim() ?? "";
  return trimmed === "" ? null : trimmed;
};

/** What is sent, from what stands in the form: empty is null, and each kind of registration sends only its own facts. */
export function patientInput(kind: RegistrationKind, fields: PatientFields): PatientInput {
  const noCard = kind === "unidentified" || fields.identifier_kind === "none";
  return {
    name: fields.name?.trim() ?? "",
    sex: fields.sex ?? "unknown",
    birth_date: fields.birth_date ?? null,
    identifier_kind: noCard ? "none" : (fields.identifier_kind ?? "none"),
    identifier_number: noCard ? null : (orNull(fields.identifier_number)?.toUpperCase() ?? null),
    phone: orNull(fields.phone),
    address: orNull(fields.address),
    ethnicity: orNull(fields.ethnicity),
    note: orNull(fields.note),
    newborn_of_patient_id: kind === "newborn" ? (fields.mother_id ?? null) : null,
    birth_order: kind === "newborn" ? (fields.birth_order ?? null) : null,
    unidentified: kind === "unidentified",
  };
}
