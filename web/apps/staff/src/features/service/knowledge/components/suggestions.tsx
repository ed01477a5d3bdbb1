import { useDebounced } from "@tianmu/ui/lib/use-debounced";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Link } from "react-router";
import { useSearchArticles } from "../api/use-search-articles";
import "./knowledge.css";

interface SuggestionsProps {
  /** What was written so far. */
  text: string;
  item?: string | null;
  title: string;
  /** Open beside what is being written and not in its place. */
  newTab?: boolean;
}

/** Articles that may answer a ticket; nothing when there are none. */
export function Suggestions({ text, item, title, newTab }: SuggestionsProps) {
  const t = useT();
  const q = useDebounced(text.trim());
  const found = useSearchArticles({ q: q.length >= 2 ? q : "", item: item ?? undefined, suggestion: true, limit: 5 });
  const articles = q.length >= 2 ? (found.data ?? []) : [];
  if (articles.length === 0) return null;
  return (
    <aside className="knowledge-suggestions" aria-label={title}>
      <b>{title}</b>
      <ul>
        {articles.map((article) => (
          <li key={article.id}>
            <Link to={`/service/knowledge/${article.id}`} target={newTab ? "_blank" : undefined}>
              {article.title}
            </Link>{" "}
            <span className="tm-muted">{t(`解决过 ${article.used} 张工单`, `solved ${article.used}`)}</span>
          </li>
        ))}
      </ul>
    </aside>
  );
}
