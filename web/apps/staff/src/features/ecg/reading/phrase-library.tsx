import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { ErrorState } from "@tianmu/ui/error-state";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Button, Popconfirm, Skeleton } from "antd";
import { type RefObject, useMemo, useState } from "react";
import { useAddPhrase } from "../api/use-add-phrase";
import { useDeletePhrase } from "../api/use-delete-phrase";
import { usePhrases } from "../api/use-phrases";
import { searchPhrases } from "../lib/phrase-tree";
import { conclusionLines } from "../lib/report-draft";

interface PhraseLibraryProps {
  searchRef: RefObject<HTMLInputElement | null>;
  onUse: (text: string, abnormal: boolean) => void;
  currentConclusion: string;
}

/** Click, or type initials and press Enter: the phrase becomes a line of the conclusion. */
export function PhraseLibrary({ searchRef, onUse, currentConclusion }: PhraseLibraryProps) {
  const t = useT();
  const { message } = App.useApp();
  const words = useErrorText();
  const phrases = usePhrases();
  const add = useAddPhrase();
  const remove = useDeletePhrase();
  const [search, setSearch] = useState("");
  const groups = useMemo(() => searchPhrases(phrases.data?.items ?? [], search), [phrases.data, search]);
  if (phrases.isError) return <ErrorState error={phrases.error} onRetry={() => void phrases.refetch()} />;
  if (!phrases.data) return <Skeleton active title={false} />;
  const first = groups[0]?.phrases[0];
  const lastLine = conclusionLines(currentConclusion).at(-1);
  const known = phrases.data.items.some((phrase) => phrase.text_zh === lastLine);
  return (
    <div>
      <div style={{ display: "flex", gap: 6, marginBottom: 4 }}>
        <input
          ref={searchRef}
          className="ant-input"
          value={search}
          aria-label={t("查找短语", "Find a phrase")}
          placeholder={t("拼音首字母或汉字，回车采用第一条", "Initials or words, Enter takes the first")}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && first && !event.nativeEvent.isComposing) {
              event.preventDefault();
              onUse(first.text_zh, first.abnormal);
              setSearch("");
            }
          }}
          style={{ flex: 1, border: "1px solid #d5dde5", borderRadius: 4, padding: "2px 8px", font: "inherit" }}
        />
        <Button
          size="small"
          icon={<PlusOutlined />}
          disabled={!lastLine || known}
          loading={add.isPending}
          title={t("把结论的最后一行存为我的短语", "Keep the last line of the conclusion as my phrase")}
          onClick={() =>
            lastLine &&
            add.mutate(
              { group: "personal", text_zh: lastLine },
              {
                onSuccess: () => message.success(t("已存为我的短语", "Kept as my phrase")),
                onError: (error) => message.error(words(error).text),
              },
            )
          }
        >
          {t("存末行", "Keep last")}
        </Button>
      </div>
      {groups.length === 0 ? <p className="tm-muted">{t("没有匹配的短语", "No phrase matches")}</p> : null}
      {groups.map((group) => (
        <div key={group.group}>
          <div className="tm-muted" style={{ fontSize: 12 }}>
            {t(group.name_zh, group.name_en)}
          </div>
          <div className="reading-phrases">
            {group.phrases.map((phrase) => (
              <span key={phrase.id} style={{ display: "inline-flex" }}>
                <button
                  type="button"
                  className={phrase.abnormal ? "reading-phrase reading-phrase-abnormal" : "reading-phrase"}
                  title={`${phrase.text_en} ${phrase.pinyin_initials}`}
                  onClick={() => onUse(phrase.text_zh, phrase.abnormal)}
                >
                  {phrase.text_zh}
                </button>
                {phrase.personal ? (
                  <Popconfirm
                    title={t("删除这条短语？", "Delete this phrase?")}
                    onConfirm={() => remove.mutate(phrase.id)}
                  >
                    <Button
                      size="small"
                      type="text"
                      icon={<DeleteOutlined />}
                      aria-label={t(`删除短语 ${phrase.text_zh}`, `Delete ${phrase.text_zh}`)}
                    />
                  </Popconfirm>
                ) : null}
              </span>
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}
