import { readdirSync } from "node:fs";
import { isSecret, type Registered, reveal } from "../../support/deploy";
import { plan, threeManagers } from "../../support/plan";

const text = (value: unknown): string => JSON.stringify(value);

function only(registered: readonly Registered[], type: string): Registered[] {
  return registered.filter((resource) => resource.type === type);
}

function withWorker(): Record<string, unknown> {
  const cluster = threeManagers();
  const machines = cluster.machines as Record<string, unknown>;
  return {
    ...cluster,
    machines: { ...machines, worker1: { role: "worker", address: "10.77.0.21" } },
  };
}

describe("the program", () => {
  test("gives every machine's steps by stdin, with its host key pinned", async () => {
    const remote = only(await plan(threeManagers()), "command:remote:Command");
    expect(remote.length).toBeGreaterThanOrEqual(6);
    for (const { inputs } of remote) {
      expect(inputs.create).toBe("sudo bash -s");
      expect(inputs.addPreviousOutputInEnv).toBe(false);
      const connection = reveal(inputs.connection) as Record<string, unknown>;
      expect(reveal(connection.hostKey)).toMatch(/^ssh-ed25519 /);
      expect(Number(connection.dialErrorLimit)).toBeGreaterThan(100);
    }
  });

  test("writes its own files at an up, and none at a preview", async () => {
    const files = async (preview: boolean): Promise<string[]> => {
      const found: string[] = [];
      await plan(threeManagers(), "dev", preview, (state) => {
        found.push(...readdirSync(state, { recursive: true, encoding: "utf8" }));
      });
      return found.sort();
    };
    expect(await files(false)).toContain("ssh/config");
    expect(await files(true)).toEqual([]);
  });

  test("has no secret outside of what is marked as secret", async () => {
    const registered = await plan(threeManagers());
    const plain = registered.map(({ type, name, inputs }) => {
      const shown = Object.fromEntries(
        Object.entries(inputs).filter(([, value]) => !isSecret(value)),
      );
      return text({ type, name, shown });
    });
    for (const line of plain) {
      expect(line).not.toContain("OPENSSH PRIVATE KEY");
      expect(line).not.toContain("5a".repeat(24));
    }
    const vm = registered.find(({ name }) => name === "node1-vm");
    expect(text(vm?.inputs.environment)).toContain("OPENSSH PRIVATE KEY");
  });

  test("shows a compose file's text in the plan", async () => {
    const deploy = (await plan(threeManagers())).find(({ name }) => name === "whoami-deploy");
    expect(deploy?.inputs.stdin).toContain("image: swarmstead/whoami:1.0");
  });

  test("gives an app a host name that leads nowhere where there is no entry", async () => {
    const deploy = (await plan(threeManagers())).find(({ name }) => name === "whoami-deploy");
    expect(deploy?.inputs.stdin).toContain("rule: Host(`whoami.invalid`)");
    expect(deploy?.inputs.stdin).toContain("\nSOURCE='apps/whoami/compose.yaml'\n");
  });

  test("plans the same inputs to the byte, at another time and in another place", async () => {
    const first = text(await plan(threeManagers()));
    const home = process.cwd();
    process.chdir("/");
    try {
      expect(text(await plan(threeManagers()))).toBe(first);
    } finally {
      process.chdir(home);
    }
    expect(first).not.toContain(home);
  });

  test("adds nothing but the worker's own resources for a worker", async () => {
    const before = await plan(threeManagers());
    const after = await plan(withWorker());
    const own = after.filter(({ name }) => name === "worker1" || name.startsWith("worker1-"));
    const others = after.filter((resource) => !own.includes(resource));
    expect(own.map(({ name }) => name).sort()).toEqual([
      "worker1",
      "worker1-access",
      "worker1-announce",
      "worker1-base",
      "worker1-contact",
      "worker1-docker",
      "worker1-member",
      "worker1-vm",
    ]);
    const sorted = (list: readonly Registered[]): string[] => list.map((one) => text(one)).sort();
    expect(sorted(others)).toEqual(sorted(before));
  });
});
