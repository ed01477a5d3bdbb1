import type { ReactNode } from "react";
import { useEffect } from "react";

interface PageHeaderProps {
  title: string;
  /** One muted line under or beside the title. */
  note?: ReactNode;
  actions?: ReactNode;
}

export function PageHeader({ title, note, actions }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · 天目`;
  }, [title]);
  return (
    <header
      style={{ display: "flex", alignItems: "center", gap: 12, marginBottom: 12, minHeight: 32, flexWrap: "wrap" }}
    >
      <h1 style={{ fontSize: 18, lineHeight: "28px", margin: 0, fontWeight: 600 }}>{title}</h1>
      {note ? <span className="tm-muted">{note}</span> : null}
      <div style={{ marginInlineStart: "auto", display: "flex", gap: 8, flexWrap: "wrap" }}>{actions}</div>
    </header>
  );
}
