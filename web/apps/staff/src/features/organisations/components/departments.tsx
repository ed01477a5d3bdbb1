import type { Department } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Button, Form, Input, Switch, Table, Typography } from "antd";
import { useCreateDepartment } from "../api/use-create-department";
import { useDepartments } from "../api/use-departments";
import { useUpdateDepartment } from "../api/use-update-department";

export function Departments({ organisationId, editable }: { organisationId: string; editable: boolean }) {
  const t = useT();
  const { message } = App.useApp();
  const words = useErrorText();
  const departments = useDepartments(organisationId);
  const create = useCreateDepartment(organisationId);
  const update = useUpdateDepartment(organisationId);
  const [form] = Form.useForm<{ name: string; code?: string }>();
  const fail = (error: unknown) => void message.error(words(error).text);
  if (departments.isError) return <ErrorState error={departments.error} onRetry={() => void departments.refetch()} />;
  return (
    <>
      <Typography.Title level={5} style={{ marginTop: 0 }}>
        {t("科室", "Departments")}
      </Typography.Title>
      <Table<Department>
        size="small"
        rowKey="id"
        loading={departments.isPending}
        pagination={false}
        dataSource={departments.data?.items}
        locale={{ emptyText: t("还没有科室", "No departments") }}
        columns={[
          {
            title: t("名称", "Name"),
            render: (_, department) =>
              editable ? (
                <Typography.Text
                  editable={{
                    onChange: (name) =>
                      name.trim() &&
                      name !== department.name &&
                      update.mutate({ id: department.id, name: name.trim() }, { onError: fail }),
                    tooltip: t("改名", "Rename"),
                  }}
                >
                  {department.name}
                </Typography.Text>
              ) : (
                department.name
              ),
          },
          { title: t("编码", "Code"), render: (_, department) => department.code ?? "—" },
          {
            title: t("启用", "Active"),
            width: 90,
            render: (_, department) => (
              <Switch
                size="small"
                disabled={!editable}
                checked={department.active}
                aria-label={t(`启用 ${department.name}`, `Active: ${department.name}`)}
                onChange={(active) => update.mutate({ id: department.id, active }, { onError: fail })}
              />
            ),
          },
        ]}
      />
      {editable ? (
        <Form
          form={form}
          layout="inline"
          style={{ marginTop: 10 }}
          onFinish={({ name, code }) =>
            create.mutate(
              { name: name.trim(), code: code?.trim() || null },
              { onSuccess: () => form.resetFields(), onError: fail },
            )
          }
        >
          <Form.Item
            name="name"
            rules={[{ required: true, whitespace: true, message: t("请输入科室名称", "Enter a name") }]}
          >
            <Input
              placeholder={t("新科室名称", "New department")}
              aria-label={t("新科室名称", "New department")}
              maxLength={60}
            />
          </Form.Item>
          <Form.Item name="code">
            <Input
              placeholder={t("编码（可不填）", "Code (optional)")}
              aria-label={t("科室编码", "Department code")}
              maxLength={20}
            />
          </Form.Item>
          <Button htmlType="submit" loading={create.isPending}>
            {t("添加", "Add")}
          </Button>
        </Form>
      ) : null}
    </>
  );
}
