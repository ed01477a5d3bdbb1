import type { Engineer } from "@tianmu/api/wire";
import { EmptyState } from "@tianmu/ui/empty-state";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Form, Input, InputNumber, Modal, Select, Switch, Tag } from "antd";
import { useState } from "react";
import { can } from "../../../../app/permissions";
import { useMe } from "../../../session/session-context";
import { PersonSelect } from "../../people/person-select";
import { useSaveEngineer } from "../api/use-save-engineer";
import { useTeam } from "../api/use-team";
import { SKILL_WORDS } from "../lib/words";

/** The provider's people on site and on duty. */
export function TeamPanel() {
  const t = useT();
  const edits = can(useMe(), "editRoster");
  const team = useTeam();
  const [edited, setEdited] = useState<Engineer | "new" | null>(null);
  const software = (team.data ?? []).filter((each) => each.active && each.qualification === "software").length;
  return (
    <section className="service-panel">
      <div style={{ display: "flex", alignItems: "center", gap: 8, marginBottom: 8 }}>
        <span className={team.data && software === 0 ? "service-late" : "tm-muted"}>
          {t(
            `在岗 ${(team.data ?? []).filter((each) => each.active).length} 人，其中软件工程师 ${software} 人（合同要求驻场至少 1 名软件工程师，从业满 3 年）`,
            `${software} of software; the contract asks for one at least, with three years of experience`,
          )}
        </span>
        {edits ? (
          <Button type="primary" style={{ marginInlineStart: "auto" }} onClick={() => setEdited("new")}>
            {t("增加人员", "Add a person")}
          </Button>
        ) : null}
      </div>
      {team.isError ? (
        <ErrorState error={team.error} onRetry={() => void team.refetch()} />
      ) : !team.data ? (
        <LoadingState rows={4} />
      ) : team.data.length === 0 ? (
        <EmptyState text={t("还没有登记驻场人员。", "Nobody is registered.")} />
      ) : (
        <table className="service-table">
          <thead>
            <tr>
              <th>{t("姓名", "Name")}</th>
              <th>{t("电话", "Phone")}</th>
              <th>{t("专业", "Skill")}</th>
              <th className="end">{t("从业年限", "Years")}</th>
              <th className="end">{t("未备案离岗（合同年）", "Left without filing")}</th>
              <th>{t("状态", "State")}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {team.data.map((each) => (
              <tr key={each.id}>
                <td>{each.name}</td>
                <td className="tm-num">
                  <a href={`tel:${each.phone}`}>{each.phone}</a>
                </td>
                <td>{t(...SKILL_WORDS[each.qualification])}</td>
                <td className="end">{each.experience_years}</td>
                <td className="end">
                  {each.unfiled_leaves}
                  {each.hr_interview ? <Tag color="red">{t("须通报并约谈", "Interview")}</Tag> : null}
                </td>
                <td>
                  {each.active ? <Tag color="green">{t("在岗", "Active")}</Tag> : <Tag>{t("已离岗", "Left")}</Tag>}
                </td>
                <td className="end">
                  {edits ? (
                    <Button type="link" size="small" onClick={() => setEdited(each)}>
                      {t("修改", "Edit")}
                    </Button>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {edited ? <EngineerDialog engineer={edited === "new" ? null : edited} close={() => setEdited(null)} /> : null}
    </section>
  );
}

function EngineerDialog({ engineer, close }: { engineer: Engineer | null; close: () => void }) {
  const t = useT();
  const save = useSaveEngineer();
  const [form] = Form.useForm();
  const required = [{ required: true, message: t("必填", "Required") }];
  const title = engineer ? t(`修改 ${engineer.name}`, `Edit ${engineer.name}`) : t("增加人员", "Add a person");
  return (
    <Modal
      open
      title={title}
      onCancel={close}
      okText={t("保存", "Save")}
      okButtonProps={{ loading: save.isPending }}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={
          engineer
            ? {
                account_id: engineer.account_id,
                phone: engineer.phone,
                qualification: engineer.qualification,
                experience_years: engineer.experience_years,
                active: engineer.active,
              }
            : { qualification: "software", active: true }
        }
        onFinish={(values) => save.mutate(values, { onSuccess: close })}
      >
        {engineer ? (
          <Form.Item name="account_id" hidden>
            <Input />
          </Form.Item>
        ) : (
          <Form.Item name="account_id" label={t("人员", "Person")} rules={required}>
            <PersonSelect />
          </Form.Item>
        )}
        <Form.Item name="phone" label={t("值班电话（对外公布）", "Phone, published")} rules={required}>
          <Input inputMode="tel" maxLength={30} />
        </Form.Item>
        <Form.Item name="qualification" label={t("专业", "Skill")} rules={required}>
          <Select options={Object.entries(SKILL_WORDS).map(([value, words]) => ({ value, label: t(...words) }))} />
        </Form.Item>
        <Form.Item
          name="experience_years"
          label={t("从业年限", "Years of experience")}
          help={t("合同 5.3：不少于 3 年", "5.3: at least three")}
          rules={required}
        >
          <InputNumber min={0} max={60} precision={0} style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name="active" label={t("在岗", "Active")} valuePropName="checked">
          <Switch />
        </Form.Item>
      </Form>
      {save.isError ? <ErrorState error={save.error} /> : null}
    </Modal>
  );
}
