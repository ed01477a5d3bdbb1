import { useDebounced } from "@tianmu/ui/lib/use-debounced";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Select } from "antd";
import { useState } from "react";
import { useSearchArticles } from "../api/use-search-articles";

interface ArticleSelectProps {
  value?: string;
  onChange?: (value: string | undefined) => void;
  /** Looked for before anything is typed. */
  about: string;
  item?: string | null;
}

/** A published article: what fits the ticket is offered first. */
export function ArticleSelect({ value, onChange, about, item }: ArticleSelectProps) {
  const t = useT();
  const [typed, setTyped] = useState("");
  const q = useDebounced(typed.trim()) || about;
  const found = useSearchArticles({ q, item: item ?? undefined, suggestion: true, limit: 20 });
  return (
    <Select
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      aria-label={t("知识条目", "Article")}
      placeholder={t("如按知识库处理，请选择条目", "When an article was followed, which one")}
      value={value}
      loading={found.isFetching}
      onChange={(next: string | undefined) => onChange?.(next)}
      notFoundContent={t("没有匹配的条目", "No article matches")}
      options={(found.data ?? []).map((article) => ({
        value: article.id,
        label: `${article.number} ${article.title}`,
      }))}
    />
  );
}
