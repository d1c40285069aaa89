import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { macOf, outsideNetwork } from "../../../../components/lab/addresses";

const size = (bits: number): number => 2 ** (32 - bits);
const value = (address: string): number =>
  ipaddr.IPv4.parse(address)
    .toByteArray()
    .reduce((sum, byte) => sum * 256 + byte, 0);
const address = (number: number): string =>
  [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join(".");
const inside = (host: string, cidr: string): boolean =>
  ipaddr.IPv4.parse(host).match(ipaddr.IPv4.parseCIDR(cidr));

/** Networks of every size that the config allows, in 10.0.0.0/8. */
const networks = fc
  .tuple(fc.integer({ min: 16, max: 28 }), fc.nat({ max: 2 ** 24 - 1 }))
  .map(([bits, offset]) => {
    const base = value("10.0.0.0") + Math.floor(offset / size(bits)) * size(bits);
    return `${address(base)}/${String(bits)}`;
  });

test("is the network right after the nodes' one", () => {
  expect(outsideNetwork("10.77.0.0/24")).toEqual({
    cidr: "10.77.1.0/24",
    gateway: "10.77.1.2",
    visitor: "10.77.1.10",
    both: "10.77.0.0/23",
  });
});

test("is wide enough where the two do not share the next larger network", () => {
  expect(outsideNetwork("10.77.3.0/24").both).toBe("10.77.0.0/21");
});

test("holds gateway and visitor, shares no address with the nodes, and is within what both share", () => {
  fc.assert(
    fc.property(networks, (cidr) => {
      const outside = outsideNetwork(cidr);
      const [base = "", bits = ""] = cidr.split("/");
      expect(value(outside.cidr.split("/")[0] ?? "")).toBe(value(base) + size(Number(bits)));
      for (const host of [outside.gateway, outside.visitor]) {
        expect(inside(host, outside.cidr)).toBe(true);
        expect(inside(host, cidr)).toBe(false);
        expect(inside(host, outside.both)).toBe(true);
      }
      expect(inside(base, outside.both)).toBe(true);
      const [both = "", wide = ""] = outside.both.split("/");
      expect(value(both) % size(Number(wide))).toBe(0);
    }),
  );
});

test("the MAC of a name never changes, is in QEMU's range, and differs by name", () => {
  expect(macOf("node1")).toBe("52:54:00:ca:12:f3");
  const names = Array.from({ length: 200 }, (_, index) => `node${String(index)}`);
  const macs = names.map(macOf);
  expect(new Set(macs).size).toBe(names.length);
  expect(macs.every((mac) => /^52:54:00(:[0-9a-f]{2}){3}$/.test(mac))).toBe(true);
});
