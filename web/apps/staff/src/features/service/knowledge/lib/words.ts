import type { ArticleState } from "@tianmu/api/wire";

type Text = readonly [zh: string, en: string];

export const STATE_WORDS: Record<ArticleState, Text> = {
  draft: ["草稿", "Draft"],
  review: ["待审核", "In review"],
  published: ["已发布", "Published"],
  withdrawn: ["已撤下", "Withdrawn"],
};

export const AUDIENCE_WORDS: Record<"provider" | "everybody", Text> = {
  everybody: ["所有机构可见", "Everybody"],
  provider: ["仅服务商内部", "Provider alone"],
};
