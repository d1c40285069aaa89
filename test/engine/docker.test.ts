import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { parseDockerHost } from "../../tools/plugins/docker/docker-host";
import { secretKind } from "../../tools/plugins/docker/secret";
import { DockerDaemon } from "./docker-daemon";
import { EngineStack, FIRST_RUN_MS, newFolder } from "./engine-stack";

const DATA = Buffer.from("hush-hush").toString("base64");

describe("docker.Network and docker.Secret under the real engine", () => {
  const folder = newFolder();
  const daemon = new DockerDaemon();
  const settings = { secretName: "app-key-1", mtu: "1400", ignore: ["options"] };
  let stack: EngineStack;

  beforeAll(async () => {
    const bin = await daemon.listen(folder);
    const program = () => {
      const provider = new docker.Provider("swarm", {
        host: "ssh://swarmstead-test",
        sshOpts: ["-F", "ssh/config"],
      });
      const network = new docker.Network(
        "app",
        {
          name: "app-back",
          driver: "overlay",
          options: { "com.docker.network.driver.mtu": settings.mtu },
        },
        { provider, ignoreChanges: settings.ignore },
      );
      const secret = new docker.Secret(
        "key",
        { name: settings.secretName, data: pulumi.secret(DATA) },
        { provider },
      );
      return { network: network.id, scope: network.scope, secret: secret.name };
    };
    stack = await EngineStack.open(folder, program, [bin]);
  }, FIRST_RUN_MS);

  afterAll(() => {
    daemon.close();
    stack.remove();
  });

  test("previews without reaching the daemon", async () => {
    await stack.preview();
    expect(() => readFileSync(join(folder, "calls"))).toThrow("ENOENT");
  });

  test("makes them through ssh as the provider says, the secret by stdin alone", async () => {
    expect(await stack.up()).toEqual({ create: 4 });
    // Network and secret are made at once, and the daemon counts both.
    const [id] = daemon.networks.keys();
    expect(await stack.outputs()).toEqual({
      network: id,
      scope: "swarm",
      secret: "app-key-1",
    });
    expect([...daemon.secrets.values()]).toMatchObject([
      { Spec: { Name: "app-key-1", Data: DATA } },
    ]);
    const [network] = daemon.networks.values();
    expect(network).toMatchObject({ Name: "app-back", Driver: "overlay" });
    expect(network?.Options).toMatchObject({ "com.docker.network.driver.mtu": "1400" });
    const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    const words =
      "-F ssh/config -o ConnectTimeout=30 -T -- swarmstead-test docker system dial-stdio";
    expect(new Set(calls)).toEqual(new Set([words]));
    expect(stack.stateText()).not.toContain(DATA);
  });

  test("changes nothing the second time, though the daemon has added an option", async () => {
    expect(await stack.up()).toEqual({ same: 4 });
  });

  test("wants to replace the network where that option is not ignored, as the real plugin does", async () => {
    settings.ignore = [];
    const text = await stack.preview();
    expect(text).toMatch(/\+-docker:index\/network:Network: \(replace\)/);
    expect(text).toContain("- com.docker.network.driver.overlay.vxlanid_list");
    settings.ignore = ["options"];
  });

  test("makes a secret of another name before it deletes the old one", async () => {
    settings.secretName = "app-key-2";
    expect(await stack.up()).toEqual({ replace: 1, same: 3 });
    expect([...daemon.secrets.values()]).toMatchObject([{ Spec: { Name: "app-key-2" } }]);
  });

  test("deletes both, and does not mind that one is gone already", async () => {
    daemon.networks.clear();
    await stack.destroy();
    expect(daemon.secrets.size).toBe(0);
  });
});

describe("the provider's configuration", () => {
  test("takes a host by ssh and ssh's options, as list or as JSON text", () => {
    expect(parseDockerHost({ host: "ssh://ann@h:2222", sshOpts: '["-F","f"]' })).toEqual({
      destination: "h",
      options: ["-F", "f", "-l", "ann", "-p", "2222"],
    });
  });

  test.each([
    [
      { host: "tcp://h:2375" },
      'docker provider: host: must be ssh://[user@]host[:port] for the stand-in, got "tcp://h:2375"',
    ],
    [{}, "docker provider: host: must be ssh://[user@]host[:port] for the stand-in, got null"],
    [
      { host: "ssh://h", certPath: "c" },
      "docker provider: certPath: is not served by the stand-in; use the real plugin",
    ],
  ])("fails for %j", (config, message) => {
    expect(() => parseDockerHost(config)).toThrow(message);
  });

  test("fails with ssh's own words where the daemon is not reached", async () => {
    const kind = secretKind(() => ({
      destination: "127.0.0.1",
      options: ["-F", "/nowhere/config"],
    }));
    const signal = new AbortController().signal;
    const operation = { name: "key", preview: false, signal, status: () => undefined };
    await expect(kind.create({ name: "key", data: DATA }, operation)).rejects.toThrow(
      "failed to connect to any docker daemon: Can't open user config file /nowhere/config",
    );
  });

  test("names a secret's data that is not base64", () => {
    const kind = secretKind(() => ({ destination: "h", options: [] }));
    expect(kind.check({ name: "key", data: "not base64!" }, {}).faults).toEqual([
      { property: "data", reason: "must be base64 text" },
    ]);
  });
});
