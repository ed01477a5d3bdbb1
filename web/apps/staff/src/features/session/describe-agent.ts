/** "Chrome 109 · Windows" from a user agent; the whole string stays available as a tooltip. */
export function describeAgent(agent: string): string {
  const system = /Windows/.test(agent)
    ? "Windows"
    : /Android/.test(agent)
      ? "Android"
      : /iPhone|iPad/.test(agent)
        ? "iOS"
        : /Mac OS X/.test(agent)
          ? "macOS"
          : /Linux/.test(agent)
            ? "Linux"
            : null;
  const browser =
    /(Edg|MicroMessenger|Firefox)\/(\d+)/.exec(agent) ??
    /(Chrome)\/(\d+)/.exec(agent) ??
    /(Version)\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari/.exec(agent);
  const names: Record<string, string> = { Edg: "Edge", MicroMessenger: "微信", Version: "Safari" };
  const name = browser?.[1] ? `${names[browser[1]] ?? browser[1]} ${browser[2]}` : null;
  return [name, system].filter(Boolean).join(" · ") || agent.slice(0, 40);
}
