import { renderChronyConf } from "../../../../components/host/chrony-conf";

describe("chrony's configuration", () => {
  test("asks the world and the other machines, and serves the machines' network", () => {
    expect(renderChronyConf({ peers: ["node2", "node3"], cidr: "10.77.0.0/24" })).toBe(
      [
        "pool 2.debian.pool.ntp.org iburst",
        "server node2 iburst minpoll 4 maxpoll 6",
        "server node3 iburst minpoll 4 maxpoll 6",
        "local stratum 10 orphan",
        "allow 10.77.0.0/24",
        "driftfile /var/lib/chrony/chrony.drift",
        "ntsdumpdir /var/lib/chrony",
        "makestep 1 -1",
        "rtcsync",
        "",
      ].join("\n"),
    );
  });

  test("asks the world alone where there is no other machine", () => {
    expect(renderChronyConf({ peers: [], cidr: "10.77.0.0/24" })).not.toContain("server ");
  });
});
