import { parse } from "yaml";
import { renderMetaData, renderNetworkConfig } from "../../../../components/lab/vm-seed";

test("gives the card with the MAC a static address and no other way to get one", () => {
  const text = renderNetworkConfig({
    mac: "52:54:00:ca:12:f3",
    address: "10.77.0.11/23",
    gateway: "10.77.1.2",
  });
  expect(parse(text)).toEqual({
    version: 2,
    ethernets: {
      lan: {
        match: { macaddress: "52:54:00:ca:12:f3" },
        dhcp4: false,
        dhcp6: false,
        "accept-ra": false,
        addresses: ["10.77.0.11/23"],
        // cloud-init 25.1 ends with "Address default is not a valid ip address" on the word netplan takes.
        routes: [{ to: "0.0.0.0/0", via: "10.77.1.2" }],
      },
    },
  });
});

test("a new generation is a new instance of the same name", () => {
  expect(parse(renderMetaData("node1", 1))).toEqual({
    "instance-id": "node1-1",
    "local-hostname": "node1",
  });
  expect(renderMetaData("node1", 2)).not.toBe(renderMetaData("node1", 1));
});
