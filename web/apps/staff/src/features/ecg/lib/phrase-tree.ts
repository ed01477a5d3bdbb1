import type { Phrase } from "@tianmu/api/wire";

export interface PhraseGroup {
  group: string;
  name_zh: string;
  name_en: string;
  phrases: Phrase[];
}

/** Phrases whose words contain the search or whose pinyin initials begin with it, best first, in their groups. */
export function searchPhrases(phrases: Phrase[], search: string): PhraseGroup[] {
  const wanted = search.trim().toLowerCase();
  const rank = (phrase: Phrase): number => {
    if (wanted === "") return 1;
    const initials = phrase.pinyin_initials.toLowerCase();
    if (initials === wanted) return 0;
    if (initials.startsWith(wanted)) return 1;
    if (phrase.text_zh.includes(wanted) || phrase.text_en.toLowerCase().includes(wanted)) return 2;
    return initials.includes(wanted) ? 3 : -1;
  };
  const hits = phrases.map((phrase) => ({ phrase, rank: rank(phrase) })).filter((hit) => hit.rank >= 0);
  if (wanted !== "") hits.sort((a, b) => a.rank - b.rank);
  const groups = new Map<string, PhraseGroup>();
  for (const { phrase } of hits) {
    // All personal phrases stand together, whatever group they were once given.
    const key = phrase.personal ? "personal" : phrase.group;
    const group = groups.get(key) ?? {
      group: key,
      name_zh: phrase.group_name_zh,
      name_en: phrase.group_name_en,
      phrases: [],
    };
    group.phrases.push(phrase);
    groups.set(key, group);
  }
  return [...groups.values()];
}
