import { renderNetworkEnv } from "../../../../components/lab/network-env";

const SPEC = { id: "lab-0123456789", cidr: "10.77.0.0/24" };

test("the lab's network is told of its gateway and its extent, and of no entry where there is none", () => {
  expect(renderNetworkEnv(SPEC)).toBe(
    [
      "LAB_ID='lab-0123456789'",
      "GATEWAY='10.77.1.2'",
      "OUTSIDE_BOTH='10.77.0.0/23'",
      "ENTRY_ADDRESS=''",
      "ENTRY_FORWARDS=''",
      "",
    ].join("\n"),
  );
});

test("an entry's address has ports of this computer that lead to it", () => {
  const entry = { address: "10.77.0.10", ports: { 80: 20_006, 443: 20_007 } };
  expect(renderNetworkEnv({ ...SPEC, entry })).toContain(
    "ENTRY_ADDRESS='10.77.0.10'\nENTRY_FORWARDS='20006:80 20007:443'\n",
  );
});
