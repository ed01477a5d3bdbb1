import type { Job } from "@tianmu/api/wire";
import { DataTable } from "@tianmu/ui/data-table";
import { PageHeader } from "@tianmu/ui/page-header";
import { ReasonDialog } from "@tianmu/ui/reason-dialog";
import { dateTimeSeconds } from "@tianmu/ui/lib/time";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Button, Segmented, Tag } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { useDiscardJob } from "./api/use-discard-job";
import { useJobs } from "./api/use-jobs";
import { useRetryJob } from "./api/use-retry-job";

const STATES: Record<string, { zh: string; en: string; color: string }> = {
  pending: { zh: "等待", en: "Pending", color: "default" },
  running: { zh: "执行中", en: "Running", color: "processing" },
  done: { zh: "完成", en: "Done", color: "green" },
  dead: { zh: "失败待处理", en: "Dead", color: "red" },
  discarded: { zh: "已放弃", en: "Discarded", color: "default" },
};

/** Background work; what failed for good waits here until somebody decides. */
export function Page() {
  const t = useT();
  const { message } = App.useApp();
  const words = useErrorText();
  const [params, setParams] = useSearchParams();
  const state = params.get("state") ?? "dead";
  const list = useJobs(state);
  const retry = useRetryJob();
  const discard = useDiscardJob();
  const [chosen, setChosen] = useState<Job | null>(null);
  return (
    <>
      <PageHeader
        title={t("后台任务", "Background jobs")}
        note={t(
          "多次重试仍失败的任务留在“失败待处理”，须人工重试或放弃",
          "Jobs that failed for good wait to be retried or discarded",
        )}
      />
      <Segmented<string>
        style={{ marginBottom: 10 }}
        value={state}
        onChange={(value) => setParams({ state: value }, { replace: true })}
        options={[
          { value: "dead", label: t("失败待处理", "Dead") },
          { value: "pending", label: t("等待", "Pending") },
          { value: "running", label: t("执行中", "Running") },
          { value: "done", label: t("完成", "Done") },
          { value: "discarded", label: t("已放弃", "Discarded") },
        ]}
      />
      <DataTable<Job>
        label={t("后台任务", "Background jobs")}
        list={list}
        rowKey={(job) => job.id}
        empty={state === "dead" ? t("没有失败的任务。", "Nothing has failed.") : t("没有任务。", "No jobs.")}
        columns={[
          { key: "kind", title: t("任务", "Job"), width: 200, render: (job) => <code>{job.kind}</code> },
          {
            key: "state",
            title: t("状态", "State"),
            width: 110,
            render: (job) => {
              const word = STATES[job.state];
              return <Tag color={word?.color}>{word ? t(word.zh, word.en) : job.state}</Tag>;
            },
          },
          {
            key: "attempts",
            title: t("次数", "Tries"),
            width: 80,
            render: (job) => <span className="tm-num">{`${job.attempts} / ${job.max_attempts}`}</span>,
          },
          {
            key: "created",
            title: t("创建时间", "Created"),
            width: 165,
            render: (job) => <span className="tm-num">{dateTimeSeconds(job.created_at)}</span>,
          },
          {
            key: "run",
            title: t("计划执行", "Runs at"),
            width: 165,
            render: (job) => <span className="tm-num">{dateTimeSeconds(job.run_at)}</span>,
          },
          {
            key: "error",
            title: t("最近错误", "Last error"),
            render: (job) => (
              <span className="tm-pre" style={{ fontSize: 12 }} title={JSON.stringify(job.payload)}>
                {job.last_error ?? ""}
              </span>
            ),
          },
          {
            key: "act",
            title: t("操作", "Action"),
            width: 130,
            render: (job) =>
              job.state === "dead" ? (
                <span style={{ display: "flex", gap: 6 }}>
                  <Button
                    size="small"
                    onClick={() =>
                      retry.mutate(job.id, {
                        onSuccess: () => message.success(t("已重新排队", "Queued again")),
                        onError: (error) => message.error(words(error).text),
                      })
                    }
                  >
                    {t("重试", "Retry")}
                  </Button>
                  <Button size="small" danger onClick={() => setChosen(job)}>
                    {t("放弃", "Discard")}
                  </Button>
                </span>
              ) : null,
          },
        ]}
      />
      <ReasonDialog
        open={chosen !== null}
        danger
        title={t("放弃任务", "Discard the job")}
        explain={t("该任务不再执行，记录保留。", "It will not run again; the record stays.")}
        okText={t("放弃", "Discard")}
        onCancel={() => setChosen(null)}
        onConfirm={async (reason) => {
          if (!chosen) return;
          await discard.mutateAsync({ id: chosen.id, reason });
          setChosen(null);
        }}
      />
    </>
  );
}
