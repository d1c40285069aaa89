import fc from "fast-check";
import { NODES_FILE, renderFirewall } from "../../../../components/host/firewall-conf";

const lines = (text: string): string[] => text.split("\n").map((line) => line.trim());

/** The rules of a chain, in order. */
function chain(text: string, name: string): string[] {
  const all = lines(text);
  const start = all.indexOf(`chain ${name} {`);
  return all.slice(start + 1, all.indexOf("}", start));
}

/** The elements of a set of ports. */
function elements(text: string, set: string): string[] {
  const found = new RegExp(`set ${set} \\{[^}]*?(?:elements = \\{ ([^}]*) \\}[^}]*)?\\}`).exec(
    text,
  );
  return (found?.[1] ?? "").split(", ").filter((port) => port !== "");
}

describe("the firewall", () => {
  const text = renderFirewall({
    open: ["443/tcp", "443/udp", "80/tcp"],
    dataPathPort: 4790,
    nodePorts: [],
  });

  test("replaces its own table in one go, and names no other", () => {
    expect(lines(text).slice(0, 5)).toEqual([
      "#!/usr/sbin/nft -f",
      "table inet swarmstead",
      "delete table inet swarmstead",
      "table inet swarmstead {",
      `include "${NODES_FILE}"`,
    ]);
    expect(
      text.match(/\b(?:table|flush)\b.*/g)?.every((line) => line.includes("inet swarmstead")),
    ).toBe(true);
  });

  test("lets in, in this order: itself, answers, pings, declared ports, then machines by their address, then SSH", () => {
    expect(chain(text, "input")).toEqual([
      "type filter hook input priority filter; policy drop;",
      'iifname "lo" accept',
      "ct state established,related accept",
      "ct state invalid drop",
      "meta l4proto { icmp, ipv6-icmp } accept",
      "tcp dport @open_tcp accept",
      "udp dport @open_udp accept",
      "iifname @containers drop",
      "ip saddr @nodes tcp dport { 2377, 7946 } accept",
      "ip saddr @nodes udp dport { 123, 7946, 4790 } accept",
      "tcp dport 22 accept",
    ]);
  });

  test("sends on, in this order: answers, nothing to the metadata address, nothing of containers to closed ports of machines, declared ports", () => {
    expect(chain(text, "forward")).toEqual([
      "type filter hook forward priority filter - 10; policy accept;",
      "ct state established,related accept",
      "ip daddr 169.254.169.254 drop",
      "iifname @containers ip daddr @nodes tcp dport != @open_tcp drop",
      "iifname @containers ip daddr @nodes udp dport != @open_udp drop",
      "iifname @containers accept",
      "meta l4proto tcp ct original proto-dst @open_tcp accept",
      "meta l4proto udp ct original proto-dst @open_udp accept",
      "drop",
    ]);
  });

  test("opens exactly what is declared, each by its own protocol and in numeric order", () => {
    const port = fc.integer({ min: 1, max: 65535 });
    fc.assert(
      fc.property(fc.uniqueArray(port), fc.uniqueArray(port), (tcp, udp) => {
        const open = [...tcp.map((p) => `${String(p)}/tcp`), ...udp.map((p) => `${String(p)}/udp`)];
        const rendered = renderFirewall({ open, dataPathPort: 4789, nodePorts: [] });
        const sorted = (ports: number[]): string[] => [...ports].sort((a, b) => a - b).map(String);
        expect(elements(rendered, "open_tcp")).toEqual(sorted(tcp));
        expect(elements(rendered, "open_udp")).toEqual(sorted(udp));
      }),
    );
  });

  test("has further ports, and ranges of them, for nodes alone", () => {
    const nodePorts = ["3300", "6800-7568"];
    const other = renderFirewall({ open: ["80/tcp"], dataPathPort: 4790, nodePorts });
    const plain = renderFirewall({ open: ["80/tcp"], dataPathPort: 4790, nodePorts: [] });
    const [nodes, ...more] = chain(other, "input").filter((rule) => /3300|6800/.test(rule));
    expect(nodes).toBe("ip saddr @nodes tcp dport { 2377, 7946, 3300, 6800-7568 } accept");
    expect(more).toEqual([]);
    expect(other.replace(", 3300, 6800-7568", "")).toBe(plain);
  });

  test("lets in a protocol of its own from nodes alone, no container", () => {
    const spec = { open: ["80/tcp"], dataPathPort: 4790, nodePorts: [] };
    const plain = renderFirewall(spec);
    const other = renderFirewall({ ...spec, nodeProtocols: [112] });
    const rules = chain(other, "input");
    const rule = "ip saddr @nodes ip protocol 112 accept";
    expect(rules.filter((one) => !chain(plain, "input").includes(one))).toEqual([rule]);
    expect(rules.indexOf(rule)).toBeGreaterThan(rules.indexOf("iifname @containers drop"));
    expect(other.replace(`    ${rule}\n`, "")).toBe(plain);
  });

  test("has the same text whatever the order of the declaration", () => {
    const turned = renderFirewall({
      open: ["80/tcp", "443/udp", "443/tcp"],
      dataPathPort: 4790,
      nodePorts: [],
    });
    expect(turned).toBe(text);
  });
});
