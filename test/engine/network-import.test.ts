import * as docker from "@pulumi/docker";
import { DockerDaemon } from "./docker-daemon";
import { EngineStack, FIRST_RUN_MS, newFolder } from "./engine-stack";

// A stack whose state was lost: the first program makes the network, the second knows nothing of it.
describe("a network that is there, but not in the state", () => {
  const folders = { before: newFolder(), after: newFolder() };
  const daemon = new DockerDaemon();
  const settings: { id?: string; attachable?: boolean } = {};
  let before: EngineStack;
  let after: EngineStack;

  function program(): undefined {
    const provider = new docker.Provider("swarm", { host: "ssh://swarmstead-test" });
    const { id, ...args } = settings;
    const options = { "com.docker.network.driver.mtu": "1450" };
    new docker.Network(
      "app",
      { name: "app-private", driver: "overlay", options, ...args },
      { provider, ignoreChanges: ["options"], ...(id ? { import: id } : {}) },
    );
  }

  beforeAll(async () => {
    const bin = await daemon.listen(folders.before);
    before = await EngineStack.open(folders.before, program, [bin]);
    after = await EngineStack.open(folders.after, program, [bin]);
    await before.up();
    settings.id = [...daemon.networks.keys()][0] ?? "";
  }, FIRST_RUN_MS);

  afterAll(() => {
    daemon.close();
    before.remove();
    after.remove();
  });

  test("is taken over as it is, though the daemon has added an option", async () => {
    const present = structuredClone([...daemon.networks]);
    expect(await after.up()).toMatchObject({ import: 1 });
    expect([...daemon.networks]).toEqual(present);
  });

  test("is the state's own from then on, with and without its id", async () => {
    expect(await after.up()).toEqual({ same: 3 });
    delete settings.id;
    expect(await after.up()).toEqual({ same: 3 });
  });

  test("is left alone where it is another than the program wants", async () => {
    const present = structuredClone([...daemon.networks]);
    [settings.id = ""] = daemon.networks.keys();
    settings.attachable = true;
    expect(await after.failingUp()).toContain("attachable: {<nil>} => {true}");
    expect([...daemon.networks]).toEqual(present);
  });

  test("goes with the stack that took it over", async () => {
    await after.destroy();
    expect(daemon.networks.size).toBe(0);
  });
});
