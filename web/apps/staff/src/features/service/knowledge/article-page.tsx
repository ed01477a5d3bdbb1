import { DislikeOutlined, EditOutlined, LikeOutlined } from "@ant-design/icons";
import type { Article, ArticleStep } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { dateTime } from "@tianmu/ui/lib/time";
import { type Translate, useT } from "@tianmu/ui/lib/use-lang";
import { Alert, Button, Collapse, Descriptions, Tag } from "antd";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { can } from "../../../app/permissions";
import { useMe } from "../../session/session-context";
import { AttachmentList } from "../attachments/attachment-list";
import { StateTag } from "../components/state-tag";
import { type StepDefinition, StepButtons, StepDialog } from "../components/step-buttons";
import { itemWord } from "../lib/words";
import { useArticle } from "./api/use-article";
import { useArticleStep } from "./api/use-article-step";
import { ArticleForm } from "./components/article-form";
import "./components/knowledge.css";
import { AUDIENCE_WORDS, STATE_WORDS } from "./lib/words";

export function Page() {
  const t = useT();
  const { id = "" } = useParams();
  const article = useArticle(id);
  if (article.isError && !article.data)
    return <ErrorState error={article.error} onRetry={() => void article.refetch()} />;
  if (!article.data) return <LoadingState rows={10} />;
  return <Body article={article.data} key={id} t={t} />;
}

function Body({ article, t }: { article: Article; t: Translate }) {
  const me = useMe();
  const edits = can(me, "editKnowledge");
  const step = useArticleStep(article.id);
  const take = (body: Record<string, unknown>) => step.mutateAsync(body as ArticleStep);
  const [editing, setEditing] = useState(false);
  const [complaining, setComplaining] = useState(false);
  const allowed = article.allowed_actions;
  return (
    <>
      <PageHeader
        title={article.title}
        note={
          <>
            <span className="tm-num">{article.number}</span>　
            {edits ? <StateTag state={article.state} words={STATE_WORDS} /> : null}
            {article.stale ? <Tag color="orange">{t("一年未复核", "Not read again for a year")}</Tag> : null}
          </>
        }
        actions={
          <>
            {allowed.includes("save") ? (
              <Button icon={<EditOutlined />} onClick={() => setEditing(true)}>
                {t("修改", "Edit")}
              </Button>
            ) : null}
            <StepButtons steps={definitions(t)} allowed={allowed} take={take} />
          </>
        }
      />
      {article.remark ? (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 12 }}
          title={
            article.state === "withdrawn" ? t("撤下原因", "Why it was withdrawn") : t("审核意见", "Reviewer's word")
          }
          description={article.remark}
        />
      ) : null}
      {edits && article.version > 0 && article.state !== "published" && article.state !== "withdrawn" ? (
        <Alert
          type="info"
          showIcon
          style={{ marginBottom: 12 }}
          title={t(
            `下面是修改中的内容；读者看到的仍是第${article.version}版，发布后替换。`,
            `This is being rewritten; readers see version ${article.version} until it is published.`,
          )}
        />
      ) : null}
      {edits && article.state === "review" && !allowed.includes("publish") ? (
        <Alert
          type="info"
          showIcon
          style={{ marginBottom: 12 }}
          title={t("待另一位同事审核发布。", "Another person has to publish it.")}
        />
      ) : null}
      <div className={edits ? "service-columns" : undefined}>
        <div>
          <section className="service-panel">
            <h2>{t("现象", "Symptom")}</h2>
            <p className="knowledge-lines">{article.symptom}</p>
          </section>
          {article.cause ? (
            <section className="service-panel">
              <h2>{t("原因", "Cause")}</h2>
              <p className="knowledge-lines">{article.cause}</p>
            </section>
          ) : null}
          <section className="service-panel">
            <h2>{t("处理步骤", "What to do")}</h2>
            <p className="knowledge-lines">{article.solution}</p>
          </section>
          <section className="service-panel">
            <h2>{t("附件", "Files")}</h2>
            <AttachmentList
              target={{ kind: "article", id: article.id }}
              mayAdd={edits && article.state !== "withdrawn"}
            />
          </section>
          {allowed.includes("vote") ? (
            <section className="service-panel">
              <span style={{ marginInlineEnd: 12 }}>{t("这篇有用吗？", "Did it help?")}</span>
              <Button
                size="small"
                icon={<LikeOutlined />}
                type={article.own_vote === true ? "primary" : "default"}
                aria-pressed={article.own_vote === true}
                onClick={() => void take({ step: "vote", helpful: true })}
              >
                {t(`有用 ${article.helpful}`, `Yes ${article.helpful}`)}
              </Button>{" "}
              <Button
                size="small"
                icon={<DislikeOutlined />}
                type={article.own_vote === false ? "primary" : "default"}
                aria-pressed={article.own_vote === false}
                onClick={() => setComplaining(true)}
              >
                {t(`没用 ${article.unhelpful}`, `No ${article.unhelpful}`)}
              </Button>
              <span className="tm-muted" style={{ marginInlineStart: 12 }}>
                {t(`解决过 ${article.used} 张工单`, `Solved ${article.used} tickets`)}
              </span>
            </section>
          ) : null}
        </div>
        {edits ? (
          <div>
            <section className="service-panel">
              <Descriptions
                size="small"
                column={1}
                items={[
                  {
                    key: "items",
                    label: t("系统", "Systems"),
                    children: article.item_codes.map((code) => t(...itemWord(code))).join("、") || t("通用", "General"),
                  },
                  { key: "tags", label: t("标签", "Tags"), children: article.tags.join("、") || "—" },
                  { key: "for", label: t("可见", "For"), children: t(...AUDIENCE_WORDS[article.audience]) },
                  {
                    key: "author",
                    label: t("作者", "Author"),
                    children: `${article.author_name} ${dateTime(article.updated_at)}`,
                  },
                  {
                    key: "published",
                    label: t("发布", "Published"),
                    children: article.published_at
                      ? t(
                          `第${article.version}版 ${article.published_by_name} ${dateTime(article.published_at)}`,
                          `v${article.version} ${article.published_by_name} ${dateTime(article.published_at)}`,
                        )
                      : "—",
                  },
                  ...(article.source_ticket_id
                    ? [
                        {
                          key: "source",
                          label: t("来源", "From"),
                          children: (
                            <Link to={`/service/tickets/${article.source_ticket_id}`}>{t("工单", "Ticket")}</Link>
                          ),
                        },
                      ]
                    : []),
                ]}
              />
            </section>
            {article.votes.some((vote) => vote.comment) ? (
              <section className="service-panel">
                <h2>{t("读者意见", "Words of readers")}</h2>
                {article.votes
                  .filter((vote) => vote.comment)
                  .map((vote) => (
                    <p key={`${vote.by_name} ${vote.at}`} style={{ margin: "0 0 6px" }}>
                      {vote.helpful ? <LikeOutlined /> : <DislikeOutlined />} {vote.comment}{" "}
                      <span className="tm-muted">
                        {vote.by_name} {dateTime(vote.at)}
                      </span>
                    </p>
                  ))}
              </section>
            ) : null}
            {article.versions.length > 1 ? (
              <section className="service-panel">
                <h2>{t("历次版本", "Versions")}</h2>
                <Collapse
                  size="small"
                  ghost
                  items={article.versions.map((version) => ({
                    key: version.version,
                    label: t(
                      `第${version.version}版 ${dateTime(version.published_at)} ${version.published_by_name}`,
                      `v${version.version} ${dateTime(version.published_at)} ${version.published_by_name}`,
                    ),
                    children: (
                      <p className="knowledge-lines">
                        <b>{version.title}</b>
                        {`\n${version.symptom}\n${version.cause}\n${version.solution}`}
                      </p>
                    ),
                  }))}
                />
              </section>
            ) : null}
          </div>
        ) : null}
      </div>
      {editing ? (
        <ArticleForm
          heading={t(`修改 ${article.number}`, `Edit ${article.number}`)}
          initial={article}
          save={async (input) => {
            await take({
              step: "save",
              article: { ...input, source_ticket_id: null },
              row_version: article.row_version,
            });
            setEditing(false);
          }}
          close={() => setEditing(false)}
        />
      ) : null}
      {complaining ? (
        <StepDialog
          step={{
            name: "vote",
            label: t("没用", "It did not help"),
            fields: [{ name: "comment", label: t("缺了什么，哪里不对", "What is missing or wrong"), kind: "area" }],
            fixed: { helpful: false },
          }}
          take={take}
          close={() => setComplaining(false)}
        />
      ) : null}
    </>
  );
}

function definitions(t: Translate): StepDefinition[] {
  const reason = { name: "reason", label: t("原因", "Reason"), kind: "area" as const, required: true };
  return [
    { name: "submit", label: t("提交审核", "Submit"), primary: true },
    { name: "publish", label: t("审核发布", "Publish"), primary: true },
    { name: "return", label: t("退回修改", "Return"), fields: [reason] },
    { name: "restore", label: t("重新启用", "Take up again") },
    { name: "withdraw", label: t("撤下", "Withdraw"), danger: true, fields: [reason] },
  ];
}
