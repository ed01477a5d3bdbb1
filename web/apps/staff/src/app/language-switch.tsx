import { setLang } from "@tianmu/ui/lib/lang";
import { useLang } from "@tianmu/ui/lib/use-lang";
import { Button } from "antd";

export function LanguageSwitch() {
  const lang = useLang();
  return (
    <Button
      type="text"
      size="small"
      lang={lang === "zh" ? "en" : "zh-CN"}
      aria-label={lang === "zh" ? "Switch to English" : "切换到中文"}
      onClick={() => setLang(lang === "zh" ? "en" : "zh")}
    >
      {lang === "zh" ? "English" : "中文"}
    </Button>
  );
}
