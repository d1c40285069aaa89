import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../../components/lib/user-error";
import { requireMachine } from "../../../ops/ssh-session";
import { copyCheckout } from "../../support/checkout";
import { readTree } from "../../support/read-tree";
import type { Outcome } from "../ops/many-calls";

const SECTIONS =
  "there are platform, network, machines, access, docker, swarm, storage, entry, apps";
const NO_SETTINGS = (stack: string): string =>
  `Pulumi.${stack}.yaml: 1 fault in swarmstead:cluster\n  swarmstead:cluster: must be a map of settings, got nothing; ${SECTIONS}\n`;

/** Settings files that are wrong as a whole, by the name of their stack. */
const SETTINGS: Readonly<Record<string, string>> = {
  empty: "",
  words: "just words\n",
  other: "config:\n  other:key: 1\n",
  broken: "config: [\n",
  alias: "config: *nowhere\n",
  huge: `config:
  swarmstead:cluster:
    platform: { kind: lab, memoryMiB: 1048576 }
    network: { cidr: 10.77.0.0/24 }
    machines: { node1: { role: manager, address: 10.77.0.11 } }
`,
  many: `config:
  swarmstead:cluster:
    platform: { kind: lab, memory: 4 }
    network: { cidr: 10.77.0.0/24 }
    machines: { node1: { role: manager, address: 10.78.0.11 }, node2: { role: manager, address: 10.77.0.12 } }
    apps: { nothing: {}, faulty: {} }
`,
};

const FAULTY = "services: { web: { image: web:1, privileged: true, volumes: [/etc:/etc] } }\n";

/** What is said of the stack "many": the faults of all its files. */
const MANY = `Pulumi.many.yaml: 4 faults in swarmstead:cluster
  platform.memory: is no setting, got 4; there are kind, memoryMiB, cpus, diskGiB, dataDiskGiB
  machines: must hold 1, 3, 5 or 7 managers, got "2 managers"; an even number survives no more losses than one less, so make one more or one less a manager
  machines.node1.address: must lie inside network.cidr 10.77.0.0/24, got "10.78.0.11"; choose one between 10.77.0.0 and 10.77.0.255, or change network.cidr
  apps.nothing: must have a file apps/nothing/compose.yaml, got nothing; write it, or take the app out of the config
apps/faulty/compose.yaml: 2 faults
  services.web.privileged: must not be there, since a swarm ignores it, got true; take it out, or ask for single rights by cap_add
  services.web.volumes.0: must lie in the data layout: /var/data/config/faulty, /var/data/faulty, /var/data/runtime/faulty, got "/etc"; move it there, or declare a volume under volumes
`;

const COMMANDS =
  "up, preview, status, doctor, repair, ssh, power, logs, down, destroy, recovery-key, adopt, pulumi, test";

/** Calls that are wrong, the exit code, and all that is said of them. */
const WRONG: readonly (readonly [readonly string[], number, string])[] = [
  [["destory"], 2, `destory: is no command; there are ${COMMANDS}\n`],
  [["status", "--jsno"], 2, "status: Unknown option '--jsno'; see ./swarmstead status --help\n"],
  [["status", "node1"], 2, "status: call it as ./swarmstead status [--json]\n"],
  ...["0", "3601", "1.5", "soon"].map(
    (value) =>
      [
        ["doctor", "--timeout", value],
        2,
        `--timeout: must be whole seconds from 1 to 3600, got ${value}; 120 do for most slow machines\n`,
      ] as const,
  ),
  [["power", "off"], 2, "power: call it as ./swarmstead power on|off NAME…\n"],
  [["power", "kick", "node1"], 2, "power: must be on or off, got kick\n"],
  [["power", "off", "node7"], 2, "NAME: must be one of node1, node2, node3, visitor, got node7\n"],
  [["logs"], 2, "logs: call it as ./swarmstead logs NAME\n"],
  [
    ["test", "--storage", "nfs"],
    2,
    "test: --storage is for test lab; say ./swarmstead test lab --storage KIND\n",
  ],
  [
    ["test", "lab", "--storage", "longhorn"],
    2,
    "--storage: must be one of ceph, gluster, nfs, local, got longhorn\n",
  ],
  [["test", "--entry"], 2, "test: --entry is for test lab; say ./swarmstead test lab --entry\n"],
  [
    ["test", "lab", "--entry", "--storage", "nfs"],
    2,
    "test: must be --storage KIND or --entry, got both; run one, then the other\n",
  ],
  [["test", "everything"], 2, "test: must be lab or nothing, got everything\n"],
  [["status", "--stack"], 2, "--stack: its value is missing, for example --stack dev\n"],
  [
    ["--stack", "../x", "status"],
    2,
    '--stack: must be letters, digits, dots, dashes and underscores, got "../x"\n',
  ],
  [["destroy"], 2, "destroy: asks before it deletes; where nobody can answer, give --yes\n"],
  [["up", "--yes"], 2, "up: Unknown option '--yes'; see ./swarmstead up --help\n"],
  [["logs", "node1", "node2"], 2, "logs: call it as ./swarmstead logs NAME\n"],
  [["logs", "node7"], 2, "NAME: must be one of node1, node2, node3, visitor, got node7\n"],
  [["logs", "node1"], 1, "node1: was never started; run ./swarmstead up\n"],
  [["power", "on", "node1"], 1, "node1: not made yet; run ./swarmstead up\n"],
  [["ssh"], 2, "ssh: NAME is missing; call it as ./swarmstead ssh NAME [COMMAND…]\n"],
  [
    ["ssh", "-v", "node1"],
    2,
    "ssh: NAME is missing; call it as ./swarmstead ssh NAME [COMMAND…]\n",
  ],
  [["ssh", "node1"], 1, "stack dev: has no machines yet; run ./swarmstead up\n"],
  [["repair", "--all"], 1, "stack dev: has no machines yet; run ./swarmstead up\n"],
  [
    ["--stack=nowhere", "status"],
    1,
    "--stack: there is no Pulumi.nowhere.yaml; copy Pulumi.dev.yaml to it and change what differs\n",
  ],
  [
    ["--stack", "folder", "up"],
    1,
    "Pulumi.folder.yaml: must be a file that can be read, got EISDIR; look at it with ls -l\n",
  ],
  [["--stack", "empty", "up"], 1, NO_SETTINGS("empty")],
  [["--stack", "words", "preview"], 1, NO_SETTINGS("words")],
  [["--stack", "other", "down"], 1, NO_SETTINGS("other")],
  [
    ["--stack", "broken", "up"],
    1,
    "Pulumi.broken.yaml: must be YAML, got Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1; mend that place\n",
  ],
  [
    ["--stack", "alias", "destroy", "--yes"],
    1,
    "Pulumi.alias.yaml: must be YAML, got Unresolved alias (the anchor must be set before the alias): nowhere; mend that place\n",
  ],
  [["--stack", "many", "preview"], 1, MANY],
  [["--stack", "words", "pulumi", "up"], 1, NO_SETTINGS("words")],
];

/** Calls of the real launcher, each a process of its own. */
const REAL: readonly (readonly [string[], number, string | RegExp])[] = [
  [["--stack", "many", "up"], 1, MANY],
  [["destroy"], 2, "destroy: asks before it deletes; where nobody can answer, give --yes\n"],
  [
    ["--stack", "huge", "up"],
    1,
    /^memory: the VMs that are to start need 104\d{4} MiB, \d+ MiB are free; lower platform\.memoryMiB, or end what uses it\n/,
  ],
];

const folder = mkdtempSync(join(tmpdir(), "swarmstead-calls-"));
let before: Record<string, string>;
const outcomes = new Map<string, Outcome>();

function run(program: string, words: readonly string[], input = ""): Promise<Outcome> {
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, "cache"), NO_COLOR: "1" };
  for (const name of ["SWARMSTEAD_STACK", "SWARMSTEAD_STATE"]) {
    Reflect.deleteProperty(env, name);
  }
  return new Promise((resolve) => {
    const child = execFile(program, words, { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

// All in one process: most of the time of a call goes into loading what it imports.
beforeAll(async () => {
  copyCheckout(folder);
  for (const [stack, text] of Object.entries(SETTINGS)) {
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), text);
  }
  mkdirSync(join(folder, "Pulumi.folder.yaml"));
  mkdirSync(join(folder, "apps/faulty"));
  writeFileSync(join(folder, "apps/faulty/compose.yaml"), FAULTY);
  before = readTree(folder);
  const words = ["--disable-warning=DEP0040", "--import", "tsx", "test/unit/ops/many-calls.ts"];
  const calls = WRONG.map(([call]) => call);
  const { stdout, stderr } = await run(process.execPath, words, JSON.stringify(calls));
  expect(stderr).toBe("");
  for (const [at, result] of (JSON.parse(stdout) as Outcome[]).entries()) {
    outcomes.set(JSON.stringify(calls[at]), result);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("a call", () => {
  test.each(WRONG)("%j is refused with exit code %i", (words, code, stderr) => {
    expect(outcomes.get(JSON.stringify(words))).toEqual({ code, stdout: "", stderr });
  });

  test.each(REAL)(
    "%j of the real launcher is refused with exit code %i",
    async (words, code, stderr) => {
      const outcome = await run("./swarmstead", words);
      expect([outcome.code, outcome.stdout]).toEqual([code, ""]);
      if (typeof stderr === "string") {
        expect(outcome.stderr).toBe(stderr);
      } else {
        expect(outcome.stderr).toMatch(stderr);
      }
      expect(outcome.stderr).not.toMatch(/^\s+at /m);
    },
  );

  test("that is refused has changed no file, and made none", () => {
    expect(readTree(folder)).toEqual(before);
  });

  test("for a machine that does not exist is told which there are", () => {
    const sshConfig = join(folder, "config");
    writeFileSync(sshConfig, "Host node1\n  Port 1\nHost visitor\nHost swarmstead-dev\nHost *\n");
    const context = { stack: "dev", sshConfig };
    expect(() => {
      requireMachine(context, "node7");
    }).toThrow(new UserError("NAME: must be one of node1, visitor, swarmstead-dev, got node7", 2));
    expect(() => {
      requireMachine(context, "swarmstead-dev");
    }).not.toThrow();
  });
});
