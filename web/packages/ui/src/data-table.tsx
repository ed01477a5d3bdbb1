import { DownloadOutlined, LeftOutlined, RightOutlined } from "@ant-design/icons";
import { App, Button, Select, Skeleton, Table, type TableColumnType } from "antd";
import { type ReactNode, useState } from "react";
import { EmptyState } from "./empty-state";
import { ErrorState } from "./error-state";
import { download, toCsv } from "./lib/csv";
import { day } from "./lib/time";
import { useErrorText } from "./lib/use-error-text";
import type { KeysetState } from "./lib/use-keyset";
import { useT } from "./lib/use-lang";

export interface DataColumn<T> {
  key: string;
  title: string;
  width?: number | string;
  align?: "left" | "right" | "center";
  ellipsis?: boolean;
  fixed?: "left" | "right";
  render: (row: T) => ReactNode;
  /** What the export writes; a column without it is not exported. */
  text?: (row: T) => string | number | null | undefined;
}

interface DataTableProps<T> {
  list: KeysetState<T>;
  columns: DataColumn<T>[];
  rowKey: (row: T) => string;
  empty: ReactNode;
  exportName?: string;
  onOpen?: (row: T) => void;
  rowClassName?: (row: T) => string;
  label: string;
  scrollX?: number;
}

const EXPORT_MAX_ROWS = 5000;

export function DataTable<T extends object>(props: DataTableProps<T>) {
  const t = useT();
  const { message } = App.useApp();
  const words = useErrorText();
  const [exporting, setExporting] = useState(false);
  const { list } = props;
  const columns: TableColumnType<T>[] = props.columns.map((column) => ({
    key: column.key,
    title: column.title,
    width: column.width,
    align: column.align,
    ellipsis: column.ellipsis,
    fixed: column.fixed,
    render: (_: unknown, row: T) => column.render(row),
  }));
  const exportRows = async () => {
    setExporting(true);
    try {
      const rows = await list.fetchAll(EXPORT_MAX_ROWS);
      const written = props.columns.filter((column) => column.text);
      download(
        `${props.exportName ?? "export"}-${day(Date.now())}.csv`,
        toCsv(
          written.map((column) => column.title),
          rows.map((row) => written.map((column) => column.text?.(row))),
        ),
      );
      if (rows.length === EXPORT_MAX_ROWS) {
        message.warning(
          t(
            `只导出了前 ${EXPORT_MAX_ROWS} 条，请缩小筛选范围。`,
            `Only the first ${EXPORT_MAX_ROWS} rows were exported.`,
          ),
        );
      }
    } catch (error) {
      message.error(words(error).text);
    } finally {
      setExporting(false);
    }
  };
  if (list.query.isError && list.items.length === 0) {
    return <ErrorState error={list.query.error} onRetry={() => void list.query.refetch()} />;
  }
  if (list.query.isPending) {
    return (
      <div className="tm-panel" style={{ padding: 16 }} aria-busy="true">
        <Skeleton active title={false} paragraph={{ rows: 8, width: "100%" }} />
      </div>
    );
  }
  return (
    <div className="tm-panel" style={{ overflow: "hidden" }}>
      <Table<T>
        size="small"
        aria-label={props.label}
        columns={columns}
        dataSource={list.items}
        rowKey={props.rowKey}
        pagination={false}
        scroll={props.scrollX ? { x: props.scrollX } : undefined}
        loading={list.query.isFetching && list.query.isPlaceholderData}
        locale={{ emptyText: typeof props.empty === "string" ? <EmptyState text={props.empty} /> : props.empty }}
        rowClassName={(row) => `${props.onOpen ? "tm-clickable-row " : ""}${props.rowClassName?.(row) ?? ""}`}
        onRow={
          props.onOpen
            ? (row) => ({
                tabIndex: 0,
                onClick: (event) => {
                  if (!(event.target as HTMLElement).closest("a,button,[role=button]")) props.onOpen?.(row);
                },
                onKeyDown: (event) => {
                  if (event.key === "Enter" && event.target === event.currentTarget) props.onOpen?.(row);
                },
              })
            : undefined
        }
      />
      <nav
        aria-label={t("翻页", "Paging")}
        style={{
          display: "flex",
          flexWrap: "wrap",
          alignItems: "center",
          gap: 8,
          padding: "8px 12px",
          borderTop: "1px solid #eef1f4",
        }}
      >
        {props.exportName ? (
          <Button
            size="small"
            icon={<DownloadOutlined />}
            loading={exporting}
            disabled={list.items.length === 0}
            onClick={exportRows}
          >
            {t("导出表格", "Export CSV")}
          </Button>
        ) : null}
        <span style={{ marginInlineStart: "auto", whiteSpace: "nowrap" }} className="tm-muted">
          {t(`第 ${list.page} 页 · 本页 ${list.items.length} 条`, `Page ${list.page} · ${list.items.length} rows`)}
        </span>
        <Select
          size="small"
          aria-label={t("每页条数", "Rows per page")}
          value={list.pageSize}
          onChange={list.setPageSize}
          options={[20, 50, 100].map((n) => ({ value: n, label: t(`${n} 条/页`, `${n} / page`) }))}
          style={{ width: 100 }}
        />
        <Button size="small" icon={<LeftOutlined />} disabled={list.page === 1} onClick={list.previous}>
          {t("上一页", "Previous")}
        </Button>
        <Button size="small" icon={<RightOutlined />} iconPlacement="end" disabled={!list.hasNext} onClick={list.next}>
          {t("下一页", "Next")}
        </Button>
      </nav>
    </div>
  );
}
