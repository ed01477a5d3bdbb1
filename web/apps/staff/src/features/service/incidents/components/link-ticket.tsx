import { ErrorState } from "@tianmu/ui/error-state";
import { useDebounced } from "@tianmu/ui/lib/use-debounced";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Modal, Select } from "antd";
import { useState } from "react";
import { useTickets } from "../../tickets/api/use-tickets";

interface LinkTicketProps {
  linked: string[];
  link: (ticketId: string) => Promise<unknown>;
  close: () => void;
}

/** Links a ticket to an incident; the ticket goes on with its own clocks. */
export function LinkTicket({ linked, link, close }: LinkTicketProps) {
  const t = useT();
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const q = useDebounced(search.trim());
  const tickets = useTickets({ q: q || undefined, sort: "newest" });
  const send = async () => {
    if (!chosen) return;
    setBusy(true);
    setError(null);
    try {
      await link(chosen);
      close();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={t("关联工单", "Link a ticket")}
      okText={t("关联", "Link")}
      okButtonProps={{ disabled: !chosen, loading: busy }}
      onCancel={close}
      onOk={() => void send()}
    >
      <p style={{ marginTop: 0 }}>
        {t("工单保留各自的时限，继续单独处理。", "Tickets keep their own limits and go on by themselves.")}
      </p>
      <Select
        showSearch={{ filterOption: false, onSearch: setSearch }}
        aria-label={t("工单", "Ticket")}
        placeholder={t("编号或标题", "Number or title")}
        style={{ width: "100%" }}
        value={chosen}
        onChange={setChosen}
        loading={tickets.query.isFetching}
        options={tickets.items
          .filter((ticket) => !linked.includes(ticket.id))
          .map((ticket) => ({ value: ticket.id, label: `${ticket.number}　${ticket.title}` }))}
      />
      {error ? <ErrorState error={error} /> : null}
    </Modal>
  );
}
