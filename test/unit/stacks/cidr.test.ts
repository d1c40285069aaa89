import fc from "fast-check";
import { canonical, contains, isForMachines, overlaps, rangeOf } from "../../../stacks/cidr";

const address = fc.ipV4();
const network = fc
  .tuple(address, fc.integer({ min: 8, max: 30 }))
  .map(([host, bits]) => canonical(`${host}/${bits}`));

/** The bits of an address as text: another way to the same answer. */
function bitsOf(ip: string): string {
  return ip
    .split(".")
    .map((byte) => Number(byte).toString(2).padStart(8, "0"))
    .join("");
}

function prefixBits(cidr: string): string {
  const [ip = "", length = ""] = cidr.split("/");
  return bitsOf(ip).slice(0, Number(length));
}

describe("networks", () => {
  test("two overlap where the shorter prefix is the start of the longer", () => {
    fc.assert(
      fc.property(network, network, (one, other) => {
        const [a, b] = [prefixBits(one), prefixBits(other)];
        expect(overlaps(one, other)).toBe(a.startsWith(b) || b.startsWith(a));
      }),
    );
  });

  test("one overlaps every network cut from it, whichever is asked", () => {
    fc.assert(
      fc.property(network, fc.integer({ min: 0, max: 2 }), (whole, more) => {
        const [base = "", bits = ""] = whole.split("/");
        const part = `${base}/${Number(bits) + more}`;
        expect([overlaps(whole, part), overlaps(part, whole)]).toEqual([true, true]);
      }),
    );
  });

  test("one holds an address where their bits agree", () => {
    fc.assert(
      fc.property(network, address, (cidr, ip) => {
        expect(contains(cidr, ip)).toBe(bitsOf(ip).startsWith(prefixBits(cidr)));
      }),
    );
  });

  test("the canonical form of a canonical form is itself, and starts at the network's first address", () => {
    fc.assert(
      fc.property(network, (cidr) => {
        expect(canonical(cidr)).toBe(cidr);
        expect(cidr.startsWith(`${rangeOf(cidr).first}/`)).toBe(true);
      }),
    );
  });

  test.each([
    ["10.77.0.0/24", "10.77.0.0", "10.77.0.255"],
    ["10.77.0.16/28", "10.77.0.16", "10.77.0.31"],
    ["172.16.0.0/12", "172.16.0.0", "172.31.255.255"],
  ])("%s goes from %s to %s", (cidr, first, last) => {
    expect(rangeOf(cidr)).toEqual({ first, last });
  });

  test("neighbours do not overlap", () => {
    expect(overlaps("10.77.0.0/24", "10.77.1.0/24")).toBe(false);
  });

  test.each([
    ["10.0.0.0/8", true],
    ["100.64.0.0/10", true],
    ["126.0.0.0/8", true],
    ["127.0.0.0/16", false],
    ["169.0.0.0/8", false],
    ["224.0.0.0/24", false],
    ["255.255.255.0/24", false],
    ["0.0.0.0/8", false],
  ])("whether machines can live in %s: %s", (cidr, expected) => {
    expect(isForMachines(cidr)).toBe(expected);
  });
});
