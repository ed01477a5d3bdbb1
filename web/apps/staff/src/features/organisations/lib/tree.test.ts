import type { Organisation } from "@tianmu/api/wire";
import { expect, it } from "vitest";
import { filterTree, organisationTree } from "./tree";

const org = (id: string, parent_id: string | null, name: string): Organisation => ({
  id,
  parent_id,
  name,
  kind: "village_clinic",
  code: `C${id}`,
  short_name: null,
  address: null,
  phone: null,
  longitude: null,
  latitude: null,
  active: true,
  child_count: 0,
});
const items = [
  org("2", "1", "戴埠镇卫生院"),
  org("1", null, "溧阳市卫健局"),
  org("3", "2", "李家园村卫生室"),
  org("9", "8", "外区诊所"),
];

it("builds the tree whatever the order, and roots what has no visible parent", () => {
  const tree = organisationTree(items);
  expect(tree.map((node) => node.title)).toEqual(["溧阳市卫健局", "外区诊所"]);
  expect(tree[0]?.children[0]?.children[0]?.title).toBe("李家园村卫生室");
});

it("finds by name or code and keeps the way", () => {
  const found = filterTree(organisationTree(items), "李家");
  expect(found).toHaveLength(1);
  expect(found[0]?.children[0]?.children.map((node) => node.title)).toEqual(["李家园村卫生室"]);
  expect(filterTree(organisationTree(items), "c9")[0]?.title).toBe("外区诊所");
});
