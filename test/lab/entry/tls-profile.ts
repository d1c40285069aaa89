import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { ofCampaign } from "../budget";
import type { LabStack } from "../lab-stack";
import { HOST } from "./environment";
import { throughMachine } from "./tunnel";

const SSLYZE = "sslyze (PyPI) is not installed on this computer: python3 -m pip install sslyze";

function sslyze(...words: readonly string[]): Promise<{ code: number; text: string }> {
  return new Promise((done) => {
    execFile("python3", ["-m", "sslyze", ...words], (error, stdout, stderr) => {
      const code = error ? (typeof error.code === "number" ? error.code : 255) : 0;
      done({ code, text: `${stdout}${stderr}` });
    });
  });
}

/** Mozilla's intermediate profile, asked of the Traefik on every machine. */
export function tlsProfile(lab: LabStack): void {
  ofCampaign(
    "TLS is as Mozilla's intermediate profile wants it, on every machine",
    async (context) => {
      if ((await sslyze("--help")).code !== 0) {
        context.skip(SSLYZE);
        return;
      }
      const { machines } = await lab.status();
      for (const { name, privateIp } of machines) {
        const { code, text } = await throughMachine(lab, name, `${privateIp}:443`, (here) =>
          sslyze("--mozilla_config", "intermediate", "--sni", HOST, here),
        );
        assert.equal(code, 0, `${name}: ${text}`);
      }
    },
  );
}
