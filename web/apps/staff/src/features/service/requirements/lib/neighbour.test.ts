import { expect, test } from "vitest";
import { neighbour } from "./neighbour";

test("arrow keys walk the cards, over empty columns and to the last card of a shorter one", () => {
  const sizes = [3, 0, 1];
  expect(neighbour(sizes, { column: 0, row: 0 }, "ArrowDown")).toEqual({ column: 0, row: 1 });
  expect(neighbour(sizes, { column: 0, row: 2 }, "ArrowDown")).toBeNull();
  expect(neighbour(sizes, { column: 0, row: 0 }, "ArrowUp")).toBeNull();
  expect(neighbour(sizes, { column: 0, row: 2 }, "ArrowRight")).toEqual({ column: 2, row: 0 });
  expect(neighbour(sizes, { column: 2, row: 0 }, "ArrowLeft")).toEqual({ column: 0, row: 0 });
  expect(neighbour(sizes, { column: 2, row: 0 }, "ArrowRight")).toBeNull();
  expect(neighbour(sizes, { column: 0, row: 0 }, "a")).toBeNull();
});
