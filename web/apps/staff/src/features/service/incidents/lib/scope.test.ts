import type { OrgKind, Organisation } from "@tianmu/api/wire";
import { expect, test } from "vitest";
import { connectedCount, stoppedCounts } from "./scope";

const organisation = (id: string, kind: OrgKind, active = true): Organisation => ({
  id,
  kind,
  active,
  code: id,
  name: id,
  child_count: 0,
  address: null,
  latitude: null,
  longitude: null,
  parent_id: null,
  phone: null,
  short_name: null,
});

const county = [
  organisation("bureau", "bureau"),
  organisation("hospital", "county_hospital"),
  organisation("closed", "county_hospital", false),
  organisation("town-1", "town_health_centre"),
  organisation("town-2", "town_health_centre"),
  organisation("village", "village_clinic"),
];

test("institutions that stand still are counted by their level; a bureau has none", () => {
  expect(stoppedCounts(county, ["hospital", "town-1", "village", "bureau"])).toEqual({
    primary_stopped: 2,
    secondary_stopped: 1,
  });
});

test("connected are the hospitals and town health centres at work", () => {
  expect(connectedCount(county)).toBe(3);
});
