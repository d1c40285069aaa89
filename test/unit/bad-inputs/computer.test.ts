import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTakenPorts } from "../../../components/lab/forwarded-ports";
import { type LabRequest, prepareLab } from "../../../components/lab/prepare-lab";
import { renderMissing } from "../../../components/lab/required-programs";
import { findLacks } from "../../../components/lab/room";
import { ownNetworks, poolOverlaps } from "../../../ops/own-networks";
import { readTree } from "../../support/read-tree";

const NONE = { memoryMiB: 0, stateGiB: 0, cacheGiB: 0 };
const ROOM = { memoryMiB: 8000, stateGiB: 10, cacheGiB: 10, shared: false };
const GO = "go is missing: install it from https://go.dev/doc/install, or Debian's golang-go";
const pools = (docker: string, swarm: string): Parameters<typeof poolOverlaps>[0] => ({
  docker: { addressPool: docker, logMaxMiB: 10, logFiles: 3 },
  swarm: { addressPool: swarm, subnetBits: 24, dispatcherHeartbeatSeconds: 3, dataPathPort: 4789 },
});

const LACKS: readonly [string, string[], string[]][] = [
  [
    "too little memory",
    findLacks({ ...NONE, memoryMiB: 9728 }, ROOM, "/state", "/cache"),
    [
      "memory: the VMs that are to start need 9728 MiB, 8000 MiB are free; lower platform.memoryMiB, or end what uses it",
    ],
  ],
  [
    "no room on two disks",
    findLacks({ ...NONE, stateGiB: 12, cacheGiB: 11 }, ROOM, "/state", "/cache"),
    [
      "disk: 12 GiB are needed in /state, 10 GiB are free; make room there",
      "disk: 11 GiB are needed in /cache, 10 GiB are free; make room there",
    ],
  ],
  [
    "programs that only root may install",
    renderMissing(["qemu-system-x86", "vde2"], false, true),
    [
      "programs are missing that the lab needs; install them with: sudo apt-get install --no-install-recommends qemu-system-x86 vde2",
    ],
  ],
  ["Go", renderMissing([], true, false), [GO]],
  [
    "Go and programs",
    renderMissing(["socat"], false, false),
    [
      GO,
      "programs are missing that the lab needs; install them with: sudo apt-get install --no-install-recommends socat",
    ],
  ],
  ["nothing that root cannot install", renderMissing(["socat"], true, true), []],
  [
    "pools of its own",
    poolOverlaps(pools("172.16.0.0/14", "10.201.0.0/16"), [
      { name: "lo", cidr: "127.0.0.1/8" },
      { name: "docker0", cidr: "172.17.0.1/16" },
      { name: "wlan0", cidr: "10.201.5.9/24" },
      { name: "eth0", cidr: "192.168.1.5/24" },
    ]),
    [
      'docker.addressPool: must not overlap a network of this computer, 172.17.0.0/16 of docker0, got "172.16.0.0/14"; choose another private network',
      'swarm.addressPool: must not overlap a network of this computer, 10.201.5.0/24 of wlan0, got "10.201.0.0/16"; choose another private network',
    ],
  ],
  [
    "nothing, though it has what every computer has",
    poolOverlaps(pools("127.0.0.0/16", "169.254.0.0/16"), [
      { name: "lo", cidr: "127.0.0.1/8" },
      { name: "usb0", cidr: "169.254.7.7/16" },
    ]),
    [],
  ],
];

describe("a computer", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "computer-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test.each(LACKS)("that lacks %s is told so", (_, lines, wanted) => {
    expect(lines).toEqual(wanted);
  });

  test("has networks that the default pools leave alone", () => {
    expect(poolOverlaps(pools("172.28.0.0/16", "10.201.0.0/16"), ownNetworks())).toEqual([]);
  });

  test("whose port is taken is told which, by whom to find out, and what to do", async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as { port: number };
    mkdirSync(join(folder, "lab"));
    writeFileSync(join(folder, "lab", "ports.json"), JSON.stringify({ node1: { "8080": port } }));
    const lines = await findTakenPorts(folder, { node1: [22, 8080], node2: [22] });
    server.close();
    expect(lines).toEqual([
      `127.0.0.1:${port}: must be free, since it leads to node1's port 8080, got a program that listens there; end it (ss -ltnp 'sport = :${port}' tells which), then run the command again`,
    ]);
  });

  test("has every lack told at once, and nothing changed", async () => {
    const request: LabRequest = {
      state: join(folder, "state"),
      cache: join(folder, "cache"),
      root: join(__dirname, "../../.."),
      cidr: "10.77.0.0/24",
      apps: [],
      machines: ["node1"],
      openPorts: [],
      size: { memoryMiB: 2 ** 40 },
      faults: ["a fault that was known before"],
      report: () => undefined,
    };
    const path = process.env.PATH;
    process.env.PATH = "";
    try {
      await expect(prepareLab(request)).rejects.toThrow(
        /^a fault that was known before\nmemory: the VMs that are to start need 1099511628\d+ MiB, \d+ MiB are free; lower platform.memoryMiB, or end what uses it\n(?:disk: .*\n)*go is missing: /,
      );
    } finally {
      process.env.PATH = path;
    }
    expect(readTree(folder)).toEqual({});
  });
});
