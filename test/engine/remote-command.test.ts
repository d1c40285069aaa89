import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { remoteCommand } from "../../tools/plugins/command/remote-command";
import { reveal } from "../../tools/plugins/wire-values";
import { EngineStack, FIRST_RUN_MS, newFolder } from "./engine-stack";
import { newKey, SshMachine } from "./ssh-machine";

const user = { name: "admin", key: newKey() };
const told: string[] = [];
const operation = {
  name: "step",
  preview: false,
  signal: new AbortController().signal,
  status: (text: string) => {
    told.push(text);
  },
};

function connectionTo(port: number, hostKey: string, dialErrorLimit = 3) {
  const privateKey = user.key.private;
  return {
    host: "127.0.0.1",
    port,
    user: user.name,
    privateKey,
    hostKey,
    dialErrorLimit,
    perDialTimeout: 2,
  };
}

describe("remote.Command against a machine", () => {
  const machine = new SshMachine(newKey(), user);
  let port = 0;

  beforeAll(async () => {
    port = await machine.listen();
  });

  afterAll(() => {
    machine.close();
  });

  test("runs by the pinned key, and has the output without its last line's end", async () => {
    const connection = connectionTo(port, `${machine.hostKey.public} a comment`);
    const { outputs } = await remoteCommand.create(
      { connection, create: "id", stdin: "text" },
      operation,
    );
    expect(outputs).toMatchObject({ stdout: "ran id", stderr: "with care" });
    expect(machine.runs).toEqual([{ command: "id", stdin: "text" }]);
  });

  test("fails with the exit status and the output, and without the stdin", async () => {
    const connection = connectionTo(port, machine.hostKey.public);
    const run = remoteCommand.create({ connection, create: "false", stdin: "hush" }, operation);
    await expect(run).rejects.toThrow(
      'Process exited with status 1: running "false":\nran false\nwith care\n',
    );
    await expect(run).rejects.not.toThrow("hush");
  });

  test("refuses another host key at once, before it logs in", async () => {
    machine.logins = 0;
    machine.runs.length = 0;
    told.length = 0;
    const connection = connectionTo(port, newKey().public, -1);
    const run = remoteCommand.create({ connection, create: "id", stdin: "hush" }, operation);
    await expect(run).rejects.toThrow(/^127\.0\.0\.1:\d+: shows another host key than the pinned/);
    expect(machine).toMatchObject({ logins: 0, runs: [] });
    expect(told).toEqual([]);
  });

  test("refuses a machine that has no key of the pinned type", async () => {
    const rsa = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBA==";
    const run = remoteCommand.create(
      { connection: connectionTo(port, rsa), create: "id" },
      operation,
    );
    await expect(run).rejects.toThrow("shows another host key than the pinned ecdsa-sha2-nistp256");
  });

  test("waits for a machine that is not there yet, and for one that drops connections", async () => {
    const late = new SshMachine(newKey(), user);
    const placeholder = createServer((socket) => socket.destroy());
    placeholder.listen(0, "127.0.0.1");
    await once(placeholder, "listening");
    const { port: latePort } = placeholder.address() as AddressInfo;
    told.length = 0;
    const connection = connectionTo(latePort, late.hostKey.public, 40);
    const run = remoteCommand.create({ connection, create: "id" }, operation);
    // Ends with the run, too, where that gives up too early.
    let over = false;
    run.then(
      () => (over = true),
      () => (over = true),
    );
    const seen = async (dials: number): Promise<void> => {
      while (told.length < dials && !over) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    await seen(2);
    placeholder.close();
    await once(placeholder, "close");
    await seen(4);
    await late.listen(latePort);
    expect((await run).outputs.stdout).toBe("ran id");
    expect(told.slice(0, 2)).toEqual(["Dial 1/40 failed: retrying", "Dial 2/40 failed: retrying"]);
    late.close();
  });

  test("gives up after so many dials, and when one takes too long", async () => {
    const silent = createServer(() => undefined);
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port: silentPort } = silent.address() as AddressInfo;
    const connection = {
      ...connectionTo(silentPort, machine.hostKey.public, 1),
      perDialTimeout: 1,
    };
    const run = remoteCommand.create({ connection, create: "id" }, operation);
    await expect(run).rejects.toThrow(/^after 1 failed attempts: .*: no SSH handshake within 1 s$/);
    silent.close();
  });

  test("fills in the real plugin's defaults and keeps the connection secret", () => {
    const given = { host: "h", privateKey: "k", hostKey: "t b" };
    const { inputs, faults } = remoteCommand.check({ connection: given, create: "id" }, {});
    expect(faults).toEqual([]);
    expect(Object.values(inputs.connection ?? {})).toContain("1b47061264138c4ac30d75fd1eb44270");
    expect(reveal(inputs.connection ?? null)).toEqual({
      ...given,
      user: "root",
      port: 22,
      dialErrorLimit: 10,
      perDialTimeout: 15,
    });
  });

  test("names everything that it does not serve", () => {
    const connection = { host: "h", privateKey: "k", proxy: { host: "p" }, password: "w" };
    const { faults } = remoteCommand.check({ connection, environment: { A: "b" }, create: 3 }, {});
    expect(faults.map(({ property, reason }) => `${property} ${reason}`)).toEqual([
      "connection.hostKey must be given",
      "connection.proxy is not served by the stand-in; use the real plugin",
      "connection.password is not served by the stand-in; use the real plugin",
      "environment is not served by the stand-in; use the real plugin",
      "create must be a string",
    ]);
  });

  test(
    "deletes under the real engine by the stored connection and stdin, with no secret in the plain state",
    async () => {
      machine.runs.length = 0;
      const { hostKey: key } = machine;
      const stack = await EngineStack.open(newFolder(), () => {
        const { privateKey, ...connection } = connectionTo(port, key.public);
        new remote.Command("step", {
          connection: { ...connection, privateKey: pulumi.secret(privateKey) },
          create: "make",
          delete: "unmake",
          stdin: pulumi.secret("hush-hush"),
        });
        return undefined;
      });
      try {
        await stack.up();
        const state = stack.stateText();
        expect(state).toContain("remote:Command");
        expect(state).not.toContain("hush-hush");
        expect(state).not.toContain(user.key.private.split("\n")[2]);
        await stack.destroy();
      } finally {
        stack.remove();
      }
      expect(machine.runs).toEqual([
        { command: "make", stdin: "hush-hush" },
        { command: "unmake", stdin: "hush-hush" },
      ]);
    },
    FIRST_RUN_MS,
  );
});
