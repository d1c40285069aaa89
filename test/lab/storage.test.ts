import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import type { StorageKind } from "../../ops/storage-view";
import { ofCampaign } from "./budget";
import { losePowerWithCeph } from "./ceph-power";
import { loseDisk } from "./gluster-disk";
import { LabStack } from "./lab-stack";
import { serveNfs, serverIsAway, serverIsMissing, shutDownWithoutServer } from "./nfs-server";
import { ENVIRONMENTS, storageContract } from "./storage-contract";
import { failInPart } from "./storage-faults";
import { losePower } from "./storage-power";
import { measureSpeed } from "./storage-speed";
import { wantWordPress, wordPress } from "./wordpress";

// An environment with shared storage: what every kind promises, then what its own kind survives. In a campaign, or for
// one kind by `./swarmstead test lab --storage KIND`: Ceph's daemons on emulated processors take most of them.
//
// Reads: SWARMSTEAD_STORAGE  the kind (default ceph)
const KIND = (process.env.SWARMSTEAD_STORAGE ?? "ceph") as StorageKind;
const { example, machines } = ENVIRONMENTS[KIND];
// Its images are in the disks of machines that are made with it.
const WITH_WORDPRESS = KIND === "ceph" || KIND === "local";
const lab = new LabStack();

before(() => {
  lab.edit("Pulumi.dev.yaml", () => readFileSync(join(lab.folder, example), "utf8"));
  if (KIND === "local") {
    lab.configure(["storage"], { kind: "local" });
  }
  if (WITH_WORDPRESS) {
    wantWordPress(lab);
  }
});

after(async () => {
  const { code, text } = await lab.run("destroy", "--yes");
  // Its folder stays where it failed: the lab can be ended there.
  assert.equal(code, 0, text);
  lab.remove();
});

if (KIND === "nfs") {
  ofCampaign("nfs: a server that does not answer is refused, and changes nothing", async () => {
    await serverIsMissing(lab, machines);
    await serveNfs(lab);
  });
}

ofCampaign(`${KIND}: an environment comes up with it`, async () => {
  const { seconds } = await lab.must("up");
  process.stderr.write(`      up ${seconds.toFixed(0)} s\n`);
});

const app = WITH_WORDPRESS ? wordPress(lab, machines) : undefined;

for (const [name, body] of [...(app?.begin ?? []), ...storageContract(lab, KIND, machines)]) {
  ofCampaign(`${KIND}: ${name}`, body);
}

ofCampaign(`${KIND}: what it costs, next to the machine's own disk`, () =>
  measureSpeed(lab, machines[0] ?? ""),
);

switch (KIND) {
  case "ceph":
    losePowerWithCeph(lab, machines);
    if (app) {
      ofCampaign(
        "ceph: what WordPress has written is there, and its tables are whole",
        async () => {
          await app.readAll();
          await app.checkTables();
        },
      );
      failInPart(lab, app, "node2");
    }
    break;
  case "gluster":
    ofCampaign("gluster: a disk that comes back empty is filled by the others", () =>
      loseDisk(lab, "node3"),
    );
    losePower(lab, KIND, machines);
    break;
  case "nfs":
    ofCampaign("nfs: the server loses its power: who writes waits, and no record is lost", () =>
      serverIsAway(lab, machines),
    );
    ofCampaign("nfs: machines shut down in time though their server is away, and come back", () =>
      shutDownWithoutServer(lab, machines),
    );
    break;
  case "local":
}

// The last of these takes the app out.
for (const [name, body] of app?.end ?? []) {
  ofCampaign(`${KIND}: ${name}`, body);
}
