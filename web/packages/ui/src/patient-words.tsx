import type { Sex } from "@tianmu/api/wire";
import type { Translate } from "./lib/use-lang";

export function sexText(sex: Sex, t: Translate): string {
  return sex === "male" ? t("男", "Male") : sex === "female" ? t("女", "Female") : t("未知", "Unknown");
}
