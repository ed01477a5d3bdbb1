import { asApiError } from "@tianmu/api/problem";
import type { Patient } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { App, Form, Modal } from "antd";
import { useState } from "react";
import { useUpdatePatient } from "../api/use-update-patient";
import type { PatientFields } from "../lib/patient-input";
import { PatientForm } from "./patient-form";

/** Covered facts (phone, address) stay as they are unless something new is typed. */
export function EditPatient({ patient, onClose }: { patient: Patient; onClose: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const [form] = Form.useForm<PatientFields>();
  const update = useUpdatePatient(patient.id);
  const [error, setError] = useState<unknown>(null);
  const save = async (fields: PatientFields) => {
    setError(null);
    try {
      await update.mutateAsync({
        row_version: patient.row_version,
        name: fields.name?.trim(),
        sex: fields.sex,
        birth_date: fields.birth_date ?? null,
        ethnicity: fields.ethnicity?.trim() || null,
        note: fields.note?.trim() || null,
        ...(fields.phone?.trim() ? { phone: fields.phone.trim() } : {}),
        ...(fields.address?.trim() ? { address: fields.address.trim() } : {}),
      });
      message.success(t("已保存", "Saved"));
      onClose();
    } catch (caught) {
      setError(asApiError(caught));
    }
  };
  return (
    <Modal
      open
      title={t("修改患者信息", "Edit the patient")}
      width={760}
      onCancel={onClose}
      okText={t("保存", "Save")}
      confirmLoading={update.isPending}
      onOk={() => form.submit()}
      afterOpenChange={(open) => {
        if (open) {
          form.setFieldsValue({
            name: patient.name,
            sex: patient.sex,
            birth_date: patient.birth_date,
            ethnicity: patient.ethnicity ?? undefined,
            note: patient.note ?? undefined,
          });
        }
      }}
    >
      <PatientForm
        form={form}
        kind={patient.unidentified ? "unidentified" : "ordinary"}
        onFinish={(fields) => void save(fields)}
        editing
      />
      {error ? <ErrorState error={error} /> : null}
    </Modal>
  );
}
