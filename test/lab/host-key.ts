import assert from "node:assert/strict";
import { timed } from "./budget";
import type { LabStack } from "./lab-stack";

/** A machine that shows another host key is told nothing. */
export function hostKey(lab: LabStack): void {
  timed("a wrong host key stops everything before anything is sent", async () => {
    await lab.on(
      "node2",
      `cd /etc/ssh
mkdir -p /root/right && cp ssh_host_ed25519_key* /root/right
rm ssh_host_ed25519_key*
ssh-keygen -q -t ed25519 -N '' -f ssh_host_ed25519_key
systemctl restart ssh
# It undoes itself, since nobody can log in any more to do it.
systemd-run --quiet --on-active=90 bash -c 'date +%s >/root/right-until; cp /root/right/* /etc/ssh/ && systemctl restart ssh'
date +%s >/root/right-since`,
    );
    lab.configure(["docker", "logMaxMiB"], 11);
    const up = await lab.run("up");
    assert.equal(up.code, 1, up.text);
    assert.match(
      up.text,
      /node2: shows another host key than the one that is pinned; nothing was sent to it/,
    );
    assert.doesNotMatch(up.text, /Updating \(dev\)/);
    const status = await lab.run("status");
    assert.match(status.stdout, /node2: shows another host key than the one that is pinned/);
    // The right key is back by itself: the machine has let nobody in meanwhile.
    for (let attempt = 0; attempt < 40; attempt += 1) {
      const { code } = await lab.run("ssh", "node2", "true");
      if (code === 0) {
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 5000));
    }
    const logins = await lab.on(
      "node2",
      "journalctl -u ssh --since @$(cat /root/right-since) --until @$(cat /root/right-until) | grep -c Accepted || true",
    );
    assert.equal(logins, "0");
    lab.configure(["docker", "logMaxMiB"], undefined);
  });
}
