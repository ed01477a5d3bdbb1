import type { Organisation } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Button, Form, Popconfirm, Tag } from "antd";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { useUnsavedGuard } from "../../../app/use-unsaved-guard";
import type { OrganisationFields } from "../api/use-create-organisation";
import { useUpdateOrganisation } from "../api/use-update-organisation";
import { KIND_WORDS } from "../lib/words";
import { Departments } from "./departments";
import { OrganisationFormFields } from "./organisation-fields";

export function OrganisationDetail({
  organisation,
  editable,
  departmentsEditable,
  extra,
}: {
  organisation: Organisation;
  editable: boolean;
  departmentsEditable: boolean;
  extra: ReactNode;
}) {
  const t = useT();
  const { message } = App.useApp();
  const [form] = Form.useForm<OrganisationFields>();
  const update = useUpdateOrganisation(organisation.id);
  const [dirty, setDirty] = useState(false);
  useUnsavedGuard(dirty);
  const save = ({ code: _, ...fields }: OrganisationFields) =>
    update.mutate(fields, {
      onSuccess: () => {
        setDirty(false);
        message.success(t("已保存", "Saved"));
      },
    });
  return (
    <>
      <div className="tm-panel" style={{ padding: "12px 16px" }}>
        <div style={{ display: "flex", gap: 8, alignItems: "center", marginBottom: 12 }}>
          <b style={{ fontSize: 16 }}>{organisation.name}</b>
          <Tag>{t(...KIND_WORDS[organisation.kind])}</Tag>
          {organisation.active ? null : <Tag color="red">{t("已停用", "Inactive")}</Tag>}
          <span style={{ marginInlineStart: "auto", display: "flex", gap: 8 }}>
            <Link to={`/admin/staff?organisation=${organisation.id}`}>
              <Button>{t("查看人员", "Staff")}</Button>
            </Link>
            {extra}
          </span>
        </div>
        <Form<OrganisationFields>
          form={form}
          layout="vertical"
          disabled={!editable}
          initialValues={organisation}
          onFinish={save}
          onValuesChange={() => setDirty(true)}
        >
          <OrganisationFormFields codeFixed />
          {update.isError ? (
            <div style={{ marginBottom: 12 }}>
              <ErrorState error={update.error} />
            </div>
          ) : null}
          {editable ? (
            <div style={{ display: "flex", gap: 8 }}>
              <Button type="primary" htmlType="submit" disabled={!dirty} loading={update.isPending}>
                {t("保存", "Save")}
              </Button>
              <Popconfirm
                title={
                  organisation.active
                    ? t("停用该机构？其人员将无法以该机构身份工作。", "Deactivate this organisation?")
                    : t("重新启用该机构？", "Activate it again?")
                }
                onConfirm={() => update.mutate({ active: !organisation.active })}
              >
                <Button danger={organisation.active}>
                  {organisation.active ? t("停用", "Deactivate") : t("启用", "Activate")}
                </Button>
              </Popconfirm>
            </div>
          ) : null}
        </Form>
      </div>
      <div className="tm-panel" style={{ padding: "12px 16px", marginTop: 12 }}>
        <Departments organisationId={organisation.id} editable={departmentsEditable} />
      </div>
    </>
  );
}
