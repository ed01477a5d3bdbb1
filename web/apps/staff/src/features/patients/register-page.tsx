import { asApiError } from "@tianmu/api/problem";
import type { DuplicateCandidate } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Alert, App, Button, Form, Segmented } from "antd";
import { useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { useUnsavedGuard } from "../../app/use-unsaved-guard";
import { useCreatePatient } from "./api/use-create-patient";
import { DuplicatesDialog } from "./components/duplicates-dialog";
import { PatientForm } from "./components/patient-form";
import { type PatientFields, patientInput, type RegistrationKind } from "./lib/patient-input";

export function Page() {
  const t = useT();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const { message } = App.useApp();
  const [form] = Form.useForm<PatientFields>();
  const [kind, setKind] = useState<RegistrationKind>("ordinary");
  const [candidates, setCandidates] = useState<DuplicateCandidate[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const create = useCreatePatient();
  const typed =
    Form.useWatch((values) => !!(values.name || values.identifier_number || values.mother_id), form) ?? false;
  const leave = useUnsavedGuard(typed && !create.isSuccess);
  const next = (id: string) =>
    leave(() => navigate(params.get("then") === "exam" ? `/ecg/new?patient=${id}` : `/patients/${id}`));

  const save = async (fields: PatientFields, duplicate_acknowledged?: boolean) => {
    setError(null);
    try {
      const patient = await create.mutateAsync({ ...patientInput(kind, fields), duplicate_acknowledged });
      message.success(t(`已登记：${patient.name}`, `Registered: ${patient.name}`));
      next(patient.id);
    } catch (caught) {
      const failure = asApiError(caught);
      if (failure.code === "possible_duplicate") setCandidates(failure.param<DuplicateCandidate[]>("candidates") ?? []);
      else {
        setCandidates(null);
        if (failure.code === "identifier_invalid")
          form.setFields([
            { name: "identifier_number", errors: [t("证件号码不正确，请核对", "The number is not valid")] },
          ]);
        else setError(failure);
      }
    }
  };
  const existing = error ? asApiError(error).param<string>("patient_id") : undefined;
  return (
    <div style={{ maxWidth: 860 }}>
      <PageHeader title={t("患者登记", "Register a patient")} />
      <div className="tm-panel" style={{ padding: "16px 20px" }}>
        <Segmented<RegistrationKind>
          value={kind}
          onChange={(value) => {
            setKind(value);
            form.setFieldsValue({
              identifier_kind: value === "ordinary" ? "resident_id_card" : "none",
              identifier_number: undefined,
            });
          }}
          options={[
            { value: "ordinary", label: t("普通患者", "Ordinary") },
            { value: "newborn", label: t("新生儿", "Newborn") },
            { value: "unidentified", label: t("身份不明", "Unidentified") },
          ]}
          style={{ marginBottom: 16 }}
        />
        {kind === "unidentified" ? (
          <Alert
            type="info"
            showIcon
            style={{ marginBottom: 16 }}
            title={t(
              "身份不明的急救患者先按“无名氏”登记，身份查清后修改档案或与原档案合并。",
              "Register first; correct or merge the record once the identity is known.",
            )}
          />
        ) : null}
        <PatientForm form={form} kind={kind} onFinish={(fields) => void save(fields)} />
        {error ? (
          <div style={{ marginTop: 16 }}>
            <ErrorState error={error} />
            {existing ? (
              <Link
                to={params.get("then") === "exam" ? `/ecg/new?patient=${existing}` : `/patients/${existing}`}
                onClick={() => form.resetFields()}
              >
                {t("打开已有档案", "Open the existing record")}
              </Link>
            ) : null}
          </div>
        ) : null}
        <div style={{ marginTop: 16, display: "flex", gap: 8 }}>
          <Button type="primary" loading={create.isPending} onClick={() => form.submit()}>
            {params.get("then") === "exam" ? t("登记并继续", "Register and continue") : t("登记", "Register")}
          </Button>
          <Button onClick={() => navigate(-1)}>{t("取消", "Cancel")}</Button>
        </div>
      </div>
      <DuplicatesDialog
        candidates={candidates}
        busy={create.isPending}
        onUse={(id) => next(id)}
        onCancel={() => setCandidates(null)}
        onCreateAnyway={() => void save(form.getFieldsValue(true) as PatientFields, true)}
      />
    </div>
  );
}
