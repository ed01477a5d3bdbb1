import type { OrgKind } from "@tianmu/api/wire";

export const KIND_WORDS: Record<OrgKind, readonly [zh: string, en: string]> = {
  region: ["区域", "Region"],
  bureau: ["卫健局", "Health bureau"],
  county_hospital: ["县级医院", "County hospital"],
  diagnosis_centre: ["诊断中心", "Diagnosis centre"],
  town_health_centre: ["乡镇卫生院", "Town health centre"],
  village_clinic: ["村卫生室", "Village clinic"],
  service_provider: ["运维服务商", "Service provider"],
};
