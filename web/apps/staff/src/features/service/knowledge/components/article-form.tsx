import type { Article, ArticleInput } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Drawer, Form, Input, Radio, Select } from "antd";
import { useState } from "react";
import { ITEM_WORDS } from "../../lib/words";
import { AUDIENCE_WORDS } from "../lib/words";

type Fields = Omit<ArticleInput, "source_ticket_id">;

interface ArticleFormProps {
  /** What is in it at first. */
  initial?: Partial<Fields> | Article;
  heading: string;
  save: (article: Fields) => Promise<unknown>;
  close: () => void;
}

/** Writes an article. */
export function ArticleForm({ initial, heading, save, close }: ArticleFormProps) {
  const t = useT();
  const [form] = Form.useForm<Fields>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const send = async (values: Fields) => {
    setBusy(true);
    setError(null);
    try {
      await save({
        ...values,
        cause: values.cause ?? "",
        item_codes: values.item_codes ?? [],
        tags: values.tags ?? [],
      });
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  const required = [{ required: true, message: t("必填", "Required") }];
  return (
    <Drawer
      open
      title={heading}
      onClose={close}
      size={640}
      footer={
        <div style={{ display: "flex", gap: 8, justifyContent: "flex-end" }}>
          <Button onClick={close}>{t("取消", "Cancel")}</Button>
          <Button type="primary" loading={busy} onClick={() => form.submit()}>
            {t("保存草稿", "Save draft")}
          </Button>
        </div>
      }
    >
      {error ? <ErrorState error={error} /> : null}
      <Form
        form={form}
        layout="vertical"
        onFinish={(values) => void send(values)}
        initialValues={{
          title: initial?.title,
          audience: initial?.audience ?? "everybody",
          item_codes: initial?.item_codes ?? [],
          tags: initial?.tags ?? [],
          symptom: initial?.symptom,
          cause: initial?.cause,
          solution: initial?.solution,
        }}
      >
        <Form.Item name="title" label={t("标题", "Title")} rules={required}>
          <Input
            maxLength={100}
            showCount
            placeholder={t("用户会怎么说，例如：心电报告打印不出来", "In the words of those who ask")}
          />
        </Form.Item>
        <Form.Item name="audience" label={t("谁能看", "Who may read it")}>
          <Radio.Group
            options={(["everybody", "provider"] as const).map((value) => ({
              value,
              label: t(...AUDIENCE_WORDS[value]),
            }))}
          />
        </Form.Item>
        <div style={{ display: "grid", gridTemplateColumns: "1fr 1fr", gap: "0 12px" }}>
          <Form.Item name="item_codes" label={t("系统", "Systems")}>
            <Select
              mode="multiple"
              placeholder={t("不选为通用", "None: general")}
              options={Object.entries(ITEM_WORDS).map(([value, words]) => ({ value, label: t(...words) }))}
            />
          </Form.Item>
          <Form.Item name="tags" label={t("标签", "Tags")}>
            <Select
              mode="tags"
              tokenSeparators={[",", "，", " "]}
              placeholder={t("输入后回车", "Type and press Enter")}
            />
          </Form.Item>
        </div>
        <Form.Item name="symptom" label={t("现象", "Symptom")} rules={required}>
          <Input.TextArea
            rows={3}
            maxLength={8000}
            placeholder={t("看到什么、提示什么文字", "What is seen, what it says")}
          />
        </Form.Item>
        <Form.Item name="cause" label={t("原因", "Cause")}>
          <Input.TextArea rows={2} maxLength={8000} />
        </Form.Item>
        <Form.Item
          name="solution"
          label={t("处理步骤", "What to do")}
          rules={required}
          help={t("一步一行；截图可在保存后作为附件上传", "A step a line; pictures as files after saving")}
        >
          <Input.TextArea rows={8} maxLength={8000} />
        </Form.Item>
      </Form>
    </Drawer>
  );
}
