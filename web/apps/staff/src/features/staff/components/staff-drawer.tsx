import type { Staff } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { sexText } from "@tianmu/ui/patient-words";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Button, Descriptions, Drawer, Popconfirm, Tabs } from "antd";
import { useState } from "react";
import { can } from "../../../app/permissions";
import { useMe } from "../../session/session-context";
import { useSaveStaff } from "../api/use-save-staff";
import { useStaff } from "../api/use-staff";
import { AccountDevices } from "./account-devices";
import { AccountPanel } from "./account-panel";
import { RoleEditor } from "./role-editor";
import { StaffForm } from "./staff-form";

export function StaffDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  const t = useT();
  const staff = useStaff(id);
  return (
    <Drawer
      open={id !== null}
      onClose={onClose}
      size={640}
      title={staff.data ? `${staff.data.name} · ${staff.data.organisation.name}` : t("人员", "Staff")}
      destroyOnHidden
    >
      {staff.isError ? (
        <ErrorState error={staff.error} onRetry={() => void staff.refetch()} />
      ) : staff.data ? (
        <StaffBody key={staff.data.id} staff={staff.data} />
      ) : (
        <LoadingState />
      )}
    </Drawer>
  );
}

function StaffBody({ staff }: { staff: Staff }) {
  const t = useT();
  const me = useMe();
  const { message } = App.useApp();
  const words = useErrorText();
  const [editing, setEditing] = useState(false);
  const save = useSaveStaff(staff.id);
  const account = staff.account;
  return (
    <>
      <Descriptions
        size="small"
        column={2}
        items={[
          { key: "sex", label: t("性别", "Sex"), children: staff.sex ? sexText(staff.sex, t) : "—" },
          { key: "title", label: t("职称", "Title"), children: staff.title ?? "—" },
          { key: "department", label: t("科室", "Department"), children: staff.department?.name ?? "—" },
          { key: "licence", label: t("执业证书", "Licence"), children: staff.licence_number ?? "—" },
          { key: "phone", label: t("手机", "Mobile"), children: staff.phone_masked ?? "—" },
          {
            key: "active",
            label: t("在职", "Active"),
            children: staff.active ? t("在职", "Yes") : t("已离职", "Left"),
          },
        ]}
      />
      {can(me, "manageStaff") ? (
        <div style={{ display: "flex", gap: 8, margin: "8px 0 4px" }}>
          <Button onClick={() => setEditing(true)}>{t("修改", "Edit")}</Button>
          <Popconfirm
            title={
              staff.active
                ? t("标记为离职？其账号将不能登录。", "Mark as left? The account can no longer sign in.")
                : t("恢复在职？", "Mark as active again?")
            }
            onConfirm={() =>
              save.mutate({ active: !staff.active }, { onError: (error) => message.error(words(error).text) })
            }
          >
            <Button danger={staff.active}>{staff.active ? t("离职", "Left") : t("恢复在职", "Reactivate")}</Button>
          </Popconfirm>
        </div>
      ) : null}
      <Tabs
        items={[
          { key: "account", label: t("账号", "Account"), children: <AccountPanel staff={staff} /> },
          ...(account
            ? [
                {
                  key: "roles",
                  label: t("角色与范围", "Roles and scope"),
                  children: (
                    <RoleEditor
                      account={account}
                      organisationId={staff.organisation.id}
                      editable={can(me, "assignRoles")}
                    />
                  ),
                },
                ...(can(me, "manageAccounts")
                  ? [
                      {
                        key: "devices",
                        label: t("登录设备", "Devices"),
                        children: <AccountDevices accountId={account.id} />,
                      },
                    ]
                  : []),
              ]
            : []),
        ]}
      />
      {editing ? <StaffForm staff={staff} onClose={() => setEditing(false)} onSaved={() => setEditing(false)} /> : null}
    </>
  );
}
