import { useDebounced } from "@tianmu/ui/lib/use-debounced";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Select } from "antd";
import { useState } from "react";
import { useTickets } from "../api/use-tickets";

interface TicketSelectProps {
  /** Not offered: the ticket itself. */
  except: string;
  id?: string;
  value?: string;
  onChange?: (ticketId: string | undefined) => void;
}

/** Choose an unfinished ticket that is no part of an outage itself, by number or words. */
export function TicketSelect({ except, id, value, onChange }: TicketSelectProps) {
  const t = useT();
  const [search, setSearch] = useState("");
  const q = useDebounced(search.trim());
  const tickets = useTickets({ q: q || undefined, state: "open,working,paused", sort: "newest" });
  return (
    <Select<string>
      id={id}
      showSearch={{ filterOption: false, onSearch: setSearch }}
      allowClear
      value={value}
      onChange={onChange}
      loading={tickets.query.isFetching}
      status={tickets.query.isError ? "error" : undefined}
      placeholder={t("按编号或事项查找", "Number or words")}
      notFoundContent={t("没有可并入的工单", "No ticket to join")}
      options={tickets.items
        .filter((ticket) => ticket.id !== except && !ticket.is_child)
        .map((ticket) => ({
          value: ticket.id,
          label: `${ticket.number} ${ticket.title} · ${ticket.organisation_name}`,
        }))}
    />
  );
}
