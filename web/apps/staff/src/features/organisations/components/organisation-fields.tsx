import { useT } from "@tianmu/ui/lib/use-lang";
import { Col, Form, Input, InputNumber, Row } from "antd";

/** The fields shared by creating and editing an organisation. */
export function OrganisationFormFields({ codeFixed }: { codeFixed?: boolean }) {
  const t = useT();
  return (
    <Row gutter={16}>
      <Col span={12}>
        <Form.Item
          name="name"
          label={t("名称", "Name")}
          rules={[{ required: true, whitespace: true, message: t("请输入名称", "Enter the name") }]}
        >
          <Input maxLength={100} />
        </Form.Item>
      </Col>
      <Col span={6}>
        <Form.Item name="short_name" label={t("简称", "Short name")}>
          <Input maxLength={40} />
        </Form.Item>
      </Col>
      <Col span={6}>
        <Form.Item
          name="code"
          label={t("机构编码", "Code")}
          rules={[{ required: !codeFixed, message: t("请输入机构编码", "Enter the code") }]}
        >
          <Input maxLength={40} disabled={codeFixed} />
        </Form.Item>
      </Col>
      <Col span={12}>
        <Form.Item name="address" label={t("地址", "Address")}>
          <Input maxLength={200} />
        </Form.Item>
      </Col>
      <Col span={4}>
        <Form.Item name="phone" label={t("电话", "Phone")}>
          <Input maxLength={30} />
        </Form.Item>
      </Col>
      <Col span={4}>
        <Form.Item name="longitude" label={t("经度", "Longitude")}>
          <InputNumber controls={false} min={73} max={136} precision={6} style={{ width: "100%" }} />
        </Form.Item>
      </Col>
      <Col span={4}>
        <Form.Item name="latitude" label={t("纬度", "Latitude")}>
          <InputNumber controls={false} min={3} max={54} precision={6} style={{ width: "100%" }} />
        </Form.Item>
      </Col>
    </Row>
  );
}
