import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderKnownHosts, renderSshConfig } from "../../components/lib/ssh-config";
import { awaitMachines } from "../../ops/await-machines";
import type { Context } from "../../ops/context";
import { newKey, SshMachine } from "./ssh-machine";

const folder = mkdtempSync(join(tmpdir(), "await-"));
const operator = newKey();
const machine = new SshMachine(newKey(), { name: "swarmstead", key: operator });

afterAll(() => {
  machine.close();
  rmSync(folder, { recursive: true });
});

test("a machine that shows another host key is not waited for, though it was just started", async () => {
  const shared = { role: "manager", host: "127.0.0.1", user: "swarmstead" } as const;
  const port = await machine.listen();
  const machines = [
    { ...shared, name: "silent", port: 1, hostKey: newKey().public },
    { ...shared, name: "stranger", port, hostKey: newKey().public },
  ];
  const spec = { stack: "dev", machines, folder, anyManager: "/bin/false" };
  writeFileSync(join(folder, "config"), renderSshConfig(spec));
  writeFileSync(join(folder, "known_hosts"), renderKnownHosts("dev", machines));
  writeFileSync(join(folder, "id_ed25519"), operator.private, { mode: 0o600 });
  const config = { machines: { silent: shared, stranger: shared } };
  const context = { sshConfig: join(folder, "config"), config: () => config };

  const begun = Date.now();
  await expect(
    awaitMachines(context as unknown as Context, ["silent", "stranger"], [], 600),
  ).rejects.toThrow(
    /^silent: does not answer by SSH \(.*Connection refused\); .*\nstranger: shows another host key than the one that is pinned; nothing was sent to it; /,
  );
  expect(Date.now() - begun).toBeLessThan(10_000);
  expect(machine.logins).toBe(0);
});
