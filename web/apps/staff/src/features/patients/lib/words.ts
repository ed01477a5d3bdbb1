import type { IdentifierKind } from "@tianmu/api/wire";

type Pair = readonly [zh: string, en: string];

export const IDENTIFIER_WORDS: Record<IdentifierKind, Pair> = {
  resident_id_card: ["居民身份证", "Resident ID card"],
  residence_permit: ["港澳台居民居住证", "Residence permit"],
  foreign_permanent_resident_card: ["外国人永久居留身份证", "Foreign permanent resident card"],
  passport: ["护照", "Passport"],
  birth_certificate: ["出生医学证明", "Birth certificate"],
  health_record_number: ["健康档案号", "Health record number"],
  medical_insurance_number: ["医保编号", "Insurance number"],
  none: ["无证件", "None"],
};

export const REASON_WORDS: Record<string, Pair> = {
  same_name: ["姓名相同", "Same name"],
  similar_name: ["姓名相近", "Similar name"],
  same_birth_date: ["出生日期相同", "Same birth date"],
  same_sex: ["性别相同", "Same sex"],
  same_phone: ["电话相同", "Same phone"],
  same_address: ["住址相同", "Same address"],
  same_identifier: ["证件号相同", "Same number"],
};
