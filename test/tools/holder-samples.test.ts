import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseLook } from "../lab/entry/holder-times";
import { testWith } from "./real-program";

const PROGRAM = join(__dirname, "../lab/entry/holder-samples.py");

/** The last of three seconds' looks at an address, with a gateway that is to be reached. */
function look(address: string, gateway: string): object {
  const { stdout, stderr } = spawnSync("timeout", ["3", "python3", PROGRAM, address, gateway], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  const looks = stdout.trimEnd().split("\n");
  expect(looks.length).toBeGreaterThanOrEqual(5);
  const { holds, reaches } = parseLook(looks.at(-1) ?? "", 0);
  return { holds, reaches };
}

// 192.0.2.1 is nobody's, and a packet to all must not be sent: some networks answer for whoever is asked.
testWith(
  ["python3", "timeout"],
  "a machine tells whether it holds an address, and whether it reaches another",
  () => {
    expect(look("127.0.0.1", "127.0.0.1")).toEqual({ holds: true, reaches: true });
    expect(look("192.0.2.1", "127.0.0.1")).toEqual({ holds: false, reaches: true });
    expect(look("127.0.0.1", "255.255.255.255")).toEqual({ holds: true, reaches: false });
  },
  true,
);
