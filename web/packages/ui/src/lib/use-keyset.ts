import { type Answer, call } from "@tianmu/api/client";
import type { Present } from "@tianmu/api/present";
import type { Page } from "@tianmu/api/wire";
import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";

type Fetcher<Raw> = (
  cursor: string | undefined,
  limit: number,
) => Promise<Answer<{ items: Raw[]; next_cursor?: string | null }>>;

export interface KeysetState<T> {
  query: UseQueryResult<Page<T>>;
  items: T[];
  page: number;
  pageSize: number;
  hasNext: boolean;
  next: () => void;
  previous: () => void;
  setPageSize: (size: number) => void;
  fetchAll: (max: number) => Promise<T[]>;
}

/** Keyset paging: the cursors that led here are kept, so "previous" works; new filters start at the first page. */
export function useKeyset<Raw>(
  key: readonly unknown[],
  fetcher: Fetcher<Raw>,
  options?: { enabled?: boolean; refetchMs?: number },
): KeysetState<Present<Raw>> {
  type T = Present<Raw>;
  const fetchPage = async (cursor: string | undefined, limit: number): Promise<Page<T>> => {
    const page = await call(fetcher(cursor, limit));
    return { items: page.items as T[], next_cursor: page.next_cursor ?? null };
  };
  const signature = JSON.stringify(key);
  const [pageSize, setSize] = useState(20);
  const [trail, setTrail] = useState<{ signature: string; cursors: string[] }>({ signature, cursors: [] });
  const cursors = trail.signature === signature ? trail.cursors : [];
  const cursor = cursors.at(-1);
  const query = useQuery({
    queryKey: [...key, { cursor, pageSize }],
    queryFn: () => fetchPage(cursor, pageSize),
    placeholderData: keepPreviousData,
    enabled: options?.enabled ?? true,
    refetchInterval: options?.refetchMs,
  });
  const nextCursor = query.data?.next_cursor ?? null;
  return {
    query,
    items: query.data?.items ?? [],
    page: cursors.length + 1,
    pageSize,
    hasNext: nextCursor !== null && !query.isPlaceholderData,
    next: () => {
      if (nextCursor) setTrail({ signature, cursors: [...cursors, nextCursor] });
    },
    previous: () => setTrail({ signature, cursors: cursors.slice(0, -1) }),
    setPageSize: (size) => {
      setSize(size);
      setTrail({ signature, cursors: [] });
    },
    fetchAll: async (max) => {
      const all: T[] = [];
      let at: string | undefined;
      do {
        const page: Page<T> = await fetchPage(at, 200);
        all.push(...page.items);
        at = page.next_cursor ?? undefined;
      } while (at && all.length < max);
      return all.slice(0, max);
    },
  };
}
