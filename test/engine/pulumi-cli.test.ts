import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pluginPath } from "../../ops/plugins";
import { ensurePulumiCli } from "../../ops/pulumi-cli";
import { newFolder } from "./engine-stack";

const { PATH: ownPath, PULUMI_HOME: ownHome } = process.env;

function writeProgram(path: string, script: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

/** Writes a `go` that ends in the given way once it has begun to write what it was asked for. */
function writeGo(folder: string, ending: string): void {
  writeProgram(
    join(folder, "go/bin/go"),
    `while [ "$1" != -o ]; do shift; done
     printf '#!/bin/sh\\necho v3.256.0\\n' > "$2"; chmod +x "$2"; ${ending}`,
  );
}

let folder: string;
let cache: string;
const offline = jest.spyOn(globalThis, "fetch");

beforeEach(() => {
  folder = newFolder();
  cache = join(folder, "cache");
  process.env.PATH = `${join(folder, "bin")}:${join(folder, "go/bin")}:/bin`;
  process.env.PULUMI_HOME = join(folder, "home");
  offline
    .mockReset()
    .mockRejectedValue(new TypeError("fetch failed", { cause: new Error("no network") }));
});

afterAll(() => {
  process.env.PATH = ownPath;
  if (ownHome === undefined) {
    delete process.env.PULUMI_HOME;
  } else {
    process.env.PULUMI_HOME = ownHome;
  }
  offline.mockRestore();
});

describe("Pulumi's CLI", () => {
  const ignore = (): void => undefined;

  test("is the one on PATH where that is new enough, and then nothing else is tried", async () => {
    const path = join(folder, "bin/pulumi");
    writeProgram(path, "echo v3.248.0");
    expect(await ensurePulumiCli(cache, ignore)).toEqual({ path, version: "3.248.0", how: "path" });
    expect(offline).not.toHaveBeenCalled();
  });

  test("is built from its Go module where the one on PATH is too old and the installer is refused", async () => {
    writeProgram(join(folder, "bin/pulumi"), "echo v3.99.0");
    writeGo(folder, "exit 0");
    const told: string[] = [];
    const built = await ensurePulumiCli(cache, (text) => told.push(text));
    const path = join(cache, "pulumi/3.256.0/bin/pulumi");
    expect(built).toEqual({ path, version: "3.256.0", how: "go" });
    expect(told[0]).toBe("asking Pulumi's installer for version 3.256.0");
    expect(told[1]).toContain("building it from its Go module");

    offline.mockClear();
    expect(await ensurePulumiCli(cache, ignore)).toEqual(built);
    expect(offline).not.toHaveBeenCalled();
  });

  test("is never a half-written one", async () => {
    writeGo(folder, "echo disk full >&2; exit 1");
    await expect(ensurePulumiCli(cache, ignore)).rejects.toThrow("go: disk full");
    expect(readdirSync(join(cache, "pulumi"))).toEqual([]);
  });

  test("removes what a killed run has left, and keeps what another run is making", async () => {
    const dead = join(cache, "pulumi/.new-99999999-go");
    const mine = join(cache, `pulumi/.new-${String(process.pid)}-installer-of-another`);
    mkdirSync(dead, { recursive: true });
    mkdirSync(mine);
    writeGo(folder, "exit 0");
    await ensurePulumiCli(cache, ignore);
    expect(existsSync(dead)).toBe(false);
    expect(existsSync(mine)).toBe(true);
  });

  test("fails with every way that was tried, and the cure", async () => {
    await expect(ensurePulumiCli(cache, ignore)).rejects.toThrow(
      `pulumi: its CLI cannot be had
  on PATH: no pulumi 3.248.0 or newer in a folder named bin
  installer: https://get.pulumi.com/install.sh: no network
  go: there is no go on PATH
cure: install Pulumi (https://www.pulumi.com/docs/install) or Go 1.26 or newer, and run this again`,
    );
  });
});

describe("the plugins", () => {
  const cli = "/bin/false";

  test("are stand-ins in the lab where the real ones are refused; that is remembered", async () => {
    const path = await pluginPath(cache, cli, "lab");
    expect(path.how).toBe("stand-ins");
    expect(readdirSync(path.folders[0] ?? "").sort()).toEqual([
      "pulumi-resource-command",
      "pulumi-resource-docker",
      "pulumi-resource-random",
    ]);
    offline.mockClear();
    expect(await pluginPath(cache, cli, "lab")).toEqual(path);
    expect(offline).not.toHaveBeenCalled();
  });

  test("are never stand-ins on another platform", async () => {
    expect(await pluginPath(cache, cli, "hcloud")).toEqual({ folders: [], how: "engine" });
  });

  test("are the real ones where all are installed, and the stand-ins where one is missing", async () => {
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
      dependencies: Record<string, string>;
    };
    for (const name of ["command", "docker"]) {
      const version = dependencies[`@pulumi/${name}`] ?? "";
      mkdirSync(join(folder, `home/plugins/resource-${name}-v${version}`), { recursive: true });
    }
    expect((await pluginPath(cache, cli, "lab")).how).toBe("stand-ins");
    const version = dependencies["@pulumi/random"] ?? "";
    mkdirSync(join(folder, `home/plugins/resource-random-v${version}`));
    expect(await pluginPath(cache, cli, "lab")).toEqual({ folders: [], how: "installed" });
  });

  test("are fetched where they can be", async () => {
    offline.mockResolvedValue(new Response(""));
    expect(await pluginPath(cache, "/bin/true", "lab")).toEqual({ folders: [], how: "fetched" });
    expect((await pluginPath(cache, "/bin/false", "lab")).how).toBe("stand-ins");
  });
});
