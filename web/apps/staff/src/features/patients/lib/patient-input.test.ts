import { expect, it } from "vitest";
import { patientInput } from "./patient-input";

it("sends null for what is empty and upper-cases the check letter", () => {
  const input = patientInput("ordinary", {
    name: " 李秀英 ",
    sex: "female",
    identifier_kind: "resident_id_card",
    identifier_number: "11010519491231002x",
    phone: " ",
  });
  expect(input.name).toBe("李秀英");
  expect(input.identifier_number).toBe("11010519491231002X");
  expect(input.phone).toBeNull();
  expect(input.newborn_of_patient_id).toBeNull();
});

it("sends no number for people without a card, and the mother only for newborns", () => {
  const unknown = patientInput("unidentified", {
    name: "无名氏",
    sex: "male",
    identifier_kind: "passport",
    identifier_number: "E1",
  });
  expect([unknown.identifier_kind, unknown.identifier_number, unknown.unidentified]).toEqual(["none", null, true]);
  const baby = patientInput("newborn", {
    name: "李秀英之女",
    sex: "female",
    identifier_kind: "none",
    mother_id: "m1",
    birth_order: 2,
  });
  expect([baby.newborn_of_patient_id, baby.birth_order]).toEqual(["m1", 2]);
});
