import { networkInterfaces } from "node:os";
import { CHECK_PROGRAM } from "../../components/vip/check-program";
import {
  INTERFACE,
  KEEPALIVED_DROP_IN,
  type KeepalivedSpec,
  renderKeepalivedConf,
} from "../../components/vip/keepalived-conf";
import { SPEC } from "../support/keepalived-spec";
import { ask, testWith, type Verdict, withFiles } from "./real-program";

// Not the loopback, by which there is no multicast.
const CARD = Object.keys(networkInterfaces()).find((name) => name !== "lo") ?? "lo";

/** What keepalived says of a text, on this computer, with a program that is there and that root alone may change. */
function verdictOn(text: string): Verdict {
  const here = text.replaceAll(INTERFACE, CARD).replace(CHECK_PROGRAM, "/bin/true");
  return withFiles({ "keepalived.conf": here }, (folder) =>
    ask("keepalived", ["--config-test", `--use-file=${folder}/keepalived.conf`]),
  );
}

describe("keepalived's configuration", () => {
  testWith(
    ["keepalived"],
    "is accepted by keepalived, for many managers and for one, at the limits of its numbers",
    () => {
      const specs: Partial<KeepalivedSpec>[] = [
        {},
        { peers: [] },
        { rank: 7, routerId: 255, advertSeconds: 5, checkSeconds: 10 },
        { rank: 6, routerId: 1, advertSeconds: 0.1, checkSeconds: 0.2 },
        { advertSeconds: 0.29, checkSeconds: 0.57 },
      ];
      for (const spec of specs) {
        expect([spec, verdictOn(renderKeepalivedConf({ ...SPEC, ...spec }))]).toEqual([
          spec,
          { code: 0, words: "" },
        ]);
      }
    },
    true,
  );

  testWith(
    ["keepalived"],
    "would be refused by keepalived with a slip in it",
    () => {
      const text = renderKeepalivedConf(SPEC);
      const slips: [string, string][] = [
        ["nopreempt", "noprempt"],
        ["priority 250", "priority 256"],
        ["advert_int 0.3", "advert_int 0"],
        ["min_ttl", "minttl"],
        ["scope link", "scope lnk"],
        ["10.77.0.10/32", "10.77.0.300/32"],
        ["    enable_script_security\n", ""],
      ];
      for (const [right, wrong] of slips) {
        expect(text).toContain(right);
        const { code } = verdictOn(text.replace(right, wrong));
        expect([wrong, code === 0]).toEqual([wrong, false]);
      }
    },
    true,
  );
});

describe("keepalived's drop-in", () => {
  testWith(["systemd-analyze"], "is accepted by systemd", () => {
    const verify = (text: string): Verdict =>
      withFiles(
        {
          "keepalived.service": `${text}ExecStart=/bin/true\n`,
          "docker.service": "[Service]\nExecStart=/bin/true\n",
        },
        (folder) => ask("systemd-analyze", ["verify", "--man=no", `${folder}/keepalived.service`]),
      );
    expect(verify(KEEPALIVED_DROP_IN)).toEqual({ code: 0, words: "" });
    expect(verify(KEEPALIVED_DROP_IN.replace("Nice=-15", "Nice=-25")).words).toContain("Nice");
  });
});
