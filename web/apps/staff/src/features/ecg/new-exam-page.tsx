import { UserAddOutlined } from "@ant-design/icons";
import type { Urgency } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { PatientBanner } from "@tianmu/ui/patient-banner";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Col, Form, Input, Radio, Row, Select } from "antd";
import { Link, useNavigate, useSearchParams } from "react-router";
import { can } from "../../app/permissions";
import { usePatient } from "../patients/api/use-patient";
import { PatientPicker } from "../patients/components/patient-picker";
import { useMe } from "../session/session-context";
import { type ExamInput, useCreateExam } from "./api/use-create-exam";
import { SYMPTOMS } from "./lib/words";

const DEVICE_KEY = "tianmu.ecg.device";

export function Page() {
  const t = useT();
  const me = useMe();
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const patientId = params.get("patient") ?? undefined;
  const patient = usePatient(patientId);
  const create = useCreateExam();
  const [form] = Form.useForm<Omit<ExamInput, "patient_id">>();
  const submit = async (fields: Omit<ExamInput, "patient_id">) => {
    if (!patientId) return;
    const text = (value: string | null | undefined) => value?.trim() || null;
    try {
      const exam = await create.mutateAsync({
        patient_id: patientId,
        urgency: fields.urgency,
        symptoms: fields.symptoms ?? [],
        clinical_note: text(fields.clinical_note),
        device_name: text(fields.device_name),
        requesting_department: text(fields.requesting_department),
        bed: text(fields.bed),
        requester_name: text(fields.requester_name),
      });
      if (fields.device_name) localStorage.setItem(DEVICE_KEY, fields.device_name.trim());
      navigate(`/ecg/exams/${exam.id}`);
    } catch {
      // The form shows it.
    }
  };
  return (
    <div style={{ maxWidth: 900 }}>
      <PageHeader
        title={t("新建心电检查", "New ECG exam")}
        note={t("第 1 步：登记申请　第 2 步：上传心电数据　第 3 步：提交判读", "1 Register  2 Upload  3 Submit")}
      />
      {patientId ? (
        patient.isError ? (
          <ErrorState error={patient.error} onRetry={() => void patient.refetch()} />
        ) : patient.data ? (
          <PatientBanner
            patient={patient.data}
            extra={
              <Button onClick={() => setParams({}, { replace: true })}>{t("换一位患者", "Another patient")}</Button>
            }
          />
        ) : null
      ) : (
        <div className="tm-panel" style={{ padding: 16 }}>
          <label htmlFor="exam-patient" style={{ display: "block", marginBottom: 6, fontWeight: 600 }}>
            {t("患者", "Patient")}
          </label>
          <div style={{ display: "flex", gap: 8 }}>
            <PatientPicker
              id="exam-patient"
              autoFocus
              size="large"
              onChange={(id) => id && setParams({ patient: id }, { replace: true })}
            />
            {can(me, "registerPatient") ? (
              <Link to="/patients/new?then=exam">
                <Button size="large" icon={<UserAddOutlined />}>
                  {t("登记新患者", "Register a patient")}
                </Button>
              </Link>
            ) : null}
          </div>
        </div>
      )}
      <div className="tm-panel" style={{ padding: "16px 20px 4px", marginTop: 12 }}>
        <Form
          form={form}
          layout="vertical"
          onFinish={submit}
          disabled={!patientId}
          initialValues={{
            urgency: "routine" satisfies Urgency,
            symptoms: [],
            device_name: localStorage.getItem(DEVICE_KEY) ?? undefined,
          }}
        >
          <Form.Item name="urgency" label={t("紧急程度", "Level")} rules={[{ required: true }]}>
            <Radio.Group
              optionType="button"
              buttonStyle="solid"
              options={[
                { value: "routine", label: t("普通", "Routine") },
                { value: "urgent", label: t("加急", "Urgent") },
                { value: "stat", label: t("危急（胸痛、晕厥等）", "Stat (chest pain, syncope)") },
              ]}
            />
          </Form.Item>
          <Form.Item name="symptoms" label={t("症状与目的", "Symptoms and purpose")}>
            <Select
              mode="tags"
              maxCount={10}
              tokenSeparators={["，", ",", "、"]}
              placeholder={t("可多选，也可直接输入", "Choose or type")}
              options={SYMPTOMS.map((pair) => ({ value: pair[0], label: t(...pair) }))}
            />
          </Form.Item>
          <Form.Item
            name="clinical_note"
            label={t("临床信息（病史、用药、起搏器等）", "Clinical note (history, drugs, pacemaker)")}
          >
            <Input.TextArea rows={3} maxLength={500} showCount />
          </Form.Item>
          <Row gutter={16}>
            <Col span={6}>
              <Form.Item name="requesting_department" label={t("申请科室", "Department")}>
                <Input maxLength={50} />
              </Form.Item>
            </Col>
            <Col span={6}>
              <Form.Item name="requester_name" label={t("申请医生", "Requested by")}>
                <Input maxLength={50} />
              </Form.Item>
            </Col>
            <Col span={6}>
              <Form.Item name="bed" label={t("床号", "Bed")}>
                <Input maxLength={20} />
              </Form.Item>
            </Col>
            <Col span={6}>
              <Form.Item name="device_name" label={t("心电图机", "Device")}>
                <Input maxLength={80} />
              </Form.Item>
            </Col>
          </Row>
          {create.isError ? (
            <div style={{ marginBottom: 16 }}>
              <ErrorState error={create.error} />
            </div>
          ) : null}
          <Form.Item>
            <Button type="primary" htmlType="submit" loading={create.isPending}>
              {t("登记并上传心电数据", "Register and upload")}
            </Button>
            {patientId ? null : <span className="tm-muted">　{t("请先选择患者", "Choose a patient first")}</span>}
          </Form.Item>
        </Form>
      </div>
    </div>
  );
}
