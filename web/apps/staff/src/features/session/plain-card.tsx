import { useT } from "@tianmu/ui/lib/use-lang";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useSession } from "./session-context";
import "./sign-in-page.css";

/** A step that must be done before anything else; the way out is to sign out. */
export function PlainCard({ title, explain, children }: { title: string; explain: string; children: ReactNode }) {
  const t = useT();
  const { signOut } = useSession();
  return (
    <div className="sign-in">
      <main className="sign-in-box">
        <section className="sign-in-form">
          <h1 style={{ fontSize: 18, marginTop: 0 }}>{title}</h1>
          <p className="tm-muted">{explain}</p>
          {children}
          <Button type="link" block style={{ marginTop: 8 }} onClick={() => void signOut()}>
            {t("退出登录", "Sign out")}
          </Button>
        </section>
      </main>
    </div>
  );
}
