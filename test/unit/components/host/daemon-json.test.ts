import fc from "fast-check";
import { overlayMtu, renderDaemonJson } from "../../../../components/host/daemon-json";

const SPEC = { addressPool: "10.30.0.0/16", mtu: 1450, logMaxMiB: 10, logFiles: 3 };

describe("daemon.json", () => {
  test("is this text", () => {
    expect(renderDaemonJson(SPEC)).toBe(`{
  "default-address-pools": [
    {
      "base": "10.30.0.0/16",
      "size": 24
    }
  ],
  "default-network-opts": {
    "bridge": {
      "com.docker.network.driver.mtu": "1450"
    },
    "overlay": {
      "com.docker.network.driver.mtu": "1400"
    }
  },
  "live-restore": false,
  "log-driver": "local",
  "log-opts": {
    "max-size": "10m",
    "max-file": "3"
  },
  "mtu": 1450
}
`);
  });

  test("gives an overlay 50 bytes less than the machines' network, whatever that has", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1280, max: 9216 }), (mtu) => {
        const daemon = JSON.parse(renderDaemonJson({ ...SPEC, mtu })) as {
          mtu: number;
          "default-network-opts": Record<string, Record<string, string>>;
        };
        const option = (driver: string): number =>
          Number(daemon["default-network-opts"][driver]?.["com.docker.network.driver.mtu"]);
        expect([daemon.mtu, option("bridge"), option("overlay")]).toEqual([mtu, mtu, mtu - 50]);
        expect(overlayMtu(mtu)).toBe(mtu - 50);
      }),
    );
  });

  test("has text where Docker wants text", () => {
    const { "log-opts": options } = JSON.parse(renderDaemonJson(SPEC)) as Record<string, object>;
    expect(Object.values(options ?? {}).map((value: unknown) => typeof value)).toEqual([
      "string",
      "string",
    ]);
  });
});
