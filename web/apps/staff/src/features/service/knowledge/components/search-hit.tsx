import type { ArticleItem } from "@tianmu/api/wire";
import { day } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Tag } from "antd";
import { Link } from "react-router";
import { itemWord } from "../../lib/words";
import { excerpt } from "../lib/marked";
import { Marked } from "./marked";
import "./knowledge.css";

/** One found article. */
export function SearchHit({ article }: { article: ArticleItem }) {
  const t = useT();
  return (
    <Link to={`/service/knowledge/${article.id}`} className="knowledge-hit">
      <b>
        <Marked text={article.title} words={article.matched} />
      </b>
      {article.audience === "provider" ? <Tag style={{ marginInlineStart: 8 }}>{t("内部", "Internal")}</Tag> : null}
      {article.stale ? (
        <Tag color="orange" style={{ marginInlineStart: 8 }}>
          {t("一年未复核", "Not read again for a year")}
        </Tag>
      ) : null}
      <div>
        <Marked text={excerpt(article.symptom, article.matched)} words={article.matched} />
      </div>
      <div className="knowledge-foot">
        <span>{article.item_codes.map((code) => t(...itemWord(code))).join("、") || t("通用", "General")}</span>
        {article.tags.length > 0 ? <span>{article.tags.join("、")}</span> : null}
        <span>{t(`解决过 ${article.used} 张工单`, `Solved ${article.used} tickets`)}</span>
        <span>{t(`${article.helpful} 人认为有用`, `Helped ${article.helpful}`)}</span>
        <span className="tm-num">{article.published_at ? day(Date.parse(article.published_at)) : ""}</span>
      </div>
    </Link>
  );
}
