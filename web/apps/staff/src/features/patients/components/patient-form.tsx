import type { IdentifierKind, PatientBrief } from "@tianmu/api/wire";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Col, DatePicker, Form, type FormInstance, Input, InputNumber, Radio, Row, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { idCardFacts } from "../lib/id-card";
import type { PatientFields, RegistrationKind } from "../lib/patient-input";
import { IDENTIFIER_WORDS } from "../lib/words";
import { PatientPicker } from "./patient-picker";

const CARD_LIKE: IdentifierKind[] = ["resident_id_card", "residence_permit"];

interface PatientFormProps {
  form: FormInstance<PatientFields>;
  kind: RegistrationKind;
  onFinish: (fields: PatientFields) => void;
  editing?: boolean;
}

/** The facts of a person. An 18-digit ID number fills in birth date and sex; they can then only be what it says. */
export function PatientForm({ form, kind, onFinish, editing }: PatientFormProps) {
  const t = useT();
  const identifierKind = Form.useWatch("identifier_kind", form);
  const number = Form.useWatch("identifier_number", form) ?? "";
  const cardLike = identifierKind !== undefined && CARD_LIKE.includes(identifierKind);
  const facts = kind === "ordinary" && cardLike ? idCardFacts(number) : null;
  const noNumber = kind === "unidentified" || identifierKind === "none";
  const readCard = (text: string) => {
    const read = idCardFacts(text);
    if (read && cardLike) form.setFieldsValue(read);
  };
  const nameFromMother = (mother: PatientBrief | undefined) => {
    if (mother && !form.getFieldValue("name")) {
      const sex = form.getFieldValue("sex");
      form.setFieldValue("name", `${mother.name}之${sex === "male" ? "子" : sex === "female" ? "女" : "婴"}`);
    }
  };
  return (
    <Form<PatientFields>
      form={form}
      layout="vertical"
      onFinish={onFinish}
      scrollToFirstError
      initialValues={{ identifier_kind: "resident_id_card", ethnicity: "汉族" }}
    >
      {kind === "newborn" ? (
        <Row gutter={16}>
          <Col span={16}>
            <Form.Item
              name="mother_id"
              label={t("母亲", "Mother")}
              rules={[{ required: true, message: t("请选择母亲的档案", "Choose the mother") }]}
            >
              <PatientPicker onChange={(_, mother) => nameFromMother(mother)} />
            </Form.Item>
          </Col>
          <Col span={8}>
            <Form.Item name="birth_order" label={t("胎次序号（多胞胎）", "Birth order (multiples)")}>
              <InputNumber min={1} max={9} style={{ width: "100%" }} />
            </Form.Item>
          </Col>
        </Row>
      ) : null}
      {kind !== "unidentified" && !editing ? (
        <Row gutter={16}>
          <Col span={8}>
            <Form.Item name="identifier_kind" label={t("证件类型", "Kind of ID")} rules={[{ required: true }]}>
              <Select
                options={(Object.keys(IDENTIFIER_WORDS) as IdentifierKind[]).map((value) => ({
                  value,
                  label: t(...IDENTIFIER_WORDS[value]),
                }))}
                onChange={() => form.setFieldValue("identifier_number", undefined)}
              />
            </Form.Item>
          </Col>
          <Col span={16}>
            <Form.Item
              name="identifier_number"
              label={t("证件号码", "ID number")}
              extra={facts ? t("号码有效，已填入出生日期和性别", "Valid: birth date and sex are filled in") : undefined}
              dependencies={["identifier_kind"]}
              rules={[
                {
                  validator: async (_, value: string | undefined) => {
                    const text = value?.trim() ?? "";
                    if (noNumber) return;
                    if (!text)
                      throw new Error(
                        t("请输入证件号码；没有证件请把类型改为“无证件”", "Enter the number, or choose “None”"),
                      );
                    if (cardLike && !idCardFacts(text)) {
                      throw new Error(
                        text.length === 18
                          ? t("号码不正确，请逐位核对", "The number is not valid: check each digit")
                          : t("应为 18 位", "18 digits are needed"),
                      );
                    }
                  },
                },
              ]}
              validateTrigger="onBlur"
            >
              <Input
                disabled={noNumber}
                maxLength={cardLike ? 18 : 40}
                autoComplete="off"
                onChange={(event) => readCard(event.target.value)}
              />
            </Form.Item>
          </Col>
        </Row>
      ) : null}
      <Row gutter={16}>
        <Col span={8}>
          <Form.Item
            name="name"
            label={t("姓名", "Name")}
            extra={
              kind === "unidentified"
                ? t("不填时由系统编号（无名氏…）", "Left empty, the system gives a label")
                : undefined
            }
            rules={[{ required: kind === "ordinary", whitespace: true, message: t("请输入姓名", "Enter the name") }]}
          >
            <Input maxLength={50} autoComplete="off" />
          </Form.Item>
        </Col>
        <Col span={8}>
          <Form.Item
            name="sex"
            label={t("性别", "Sex")}
            rules={[{ required: true, message: t("请选择性别", "Choose") }]}
          >
            <Radio.Group
              disabled={!!facts}
              options={[
                { value: "male", label: t("男", "Male") },
                { value: "female", label: t("女", "Female") },
                { value: "unknown", label: t("未知", "Unknown") },
              ]}
            />
          </Form.Item>
        </Col>
        <Col span={8}>
          <Form.Item
            name="birth_date"
            label={
              kind === "unidentified"
                ? t("出生日期（估计，可不填）", "Birth date (estimated, optional)")
                : t("出生日期", "Birth date")
            }
            rules={[{ required: kind !== "unidentified", message: t("请选择出生日期", "Choose the birth date") }]}
            getValueProps={(value: string | null | undefined) => ({ value: value ? dayjs(value) : null })}
            getValueFromEvent={(value: Dayjs | null) => value?.format("YYYY-MM-DD") ?? null}
          >
            <DatePicker
              disabled={!!facts}
              format={["YYYY-MM-DD", "YYYYMMDD", "YYYY/MM/DD"]}
              disabledDate={(date) => date.isAfter(dayjs())}
              style={{ width: "100%" }}
              placeholder="YYYY-MM-DD"
            />
          </Form.Item>
        </Col>
      </Row>
      <Row gutter={16}>
        <Col span={8}>
          <Form.Item
            name="phone"
            label={t("联系电话", "Phone")}
            extra={editing ? t("留空表示不修改", "Empty leaves it as it is") : undefined}
            rules={[
              {
                pattern: /^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})$/,
                message: t("请输入手机号或带区号的座机号", "Enter a mobile number, or a landline with area code"),
              },
            ]}
          >
            <Input maxLength={20} autoComplete="off" inputMode="tel" />
          </Form.Item>
        </Col>
        <Col span={8}>
          <Form.Item name="ethnicity" label={t("民族", "Ethnicity")}>
            <Input maxLength={20} />
          </Form.Item>
        </Col>
        <Col span={24}>
          <Form.Item
            name="address"
            label={t("现住址", "Address")}
            extra={editing ? t("留空表示不修改", "Empty leaves it as it is") : undefined}
          >
            <Input maxLength={200} autoComplete="off" />
          </Form.Item>
        </Col>
        <Col span={24}>
          <Form.Item name="note" label={t("备注", "Note")} style={{ marginBottom: 0 }}>
            <Input.TextArea rows={2} maxLength={500} />
          </Form.Item>
        </Col>
      </Row>
    </Form>
  );
}
