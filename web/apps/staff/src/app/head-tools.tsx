import { NoticeBell } from "../features/service/notices/notice-bell";
import { AccountMenu } from "../features/session/account-menu";
import { useMe } from "../features/session/session-context";
import { LanguageSwitch } from "./language-switch";
import { can } from "./permissions";

/** What stands at the right end of the head of every page. */
export function HeadTools() {
  const me = useMe();
  return (
    <>
      {can(me, "readTickets") ? <NoticeBell /> : null}
      <LanguageSwitch />
      <AccountMenu />
    </>
  );
}
