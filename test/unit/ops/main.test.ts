import { execFile } from "node:child_process";
import { join } from "node:path";
import type { Outcome } from "./many-calls";

const ROOT = join(__dirname, "../../..");
const COMMANDS = [
  "up",
  "preview",
  "status",
  "repair",
  "ssh",
  "power",
  "logs",
  "down",
  "destroy",
  "pulumi",
  "test",
];

/** Calls that are wrong in themselves, and what is said of them. */
const WRONG: readonly (readonly [string[], string])[] = [
  [["destory"], `destory: is no command; there are ${COMMANDS.join(", ")}\n`],
  [["status", "--jsno"], "status: Unknown option '--jsno'; see ./swarmstead status --help\n"],
  [["status", "node1"], "status: call it as ./swarmstead status [--json]\n"],
  [["power", "off"], "power: call it as ./swarmstead power on|off NAME…\n"],
  [["power", "kick", "node1"], "power: must be on or off, got kick\n"],
  [["power", "off", "node7"], "NAME: must be one of node1, node2, node3, visitor, got node7\n"],
  [["logs"], "logs: call it as ./swarmstead logs NAME\n"],
  [["test", "everything"], "test: must be lab or nothing, got everything\n"],
  [["status", "--stack"], "--stack: its value is missing, for example --stack dev\n"],
  [
    ["--stack", "../x", "status"],
    '--stack: must be letters, digits, dots, dashes and underscores, got "../x"\n',
  ],
  [["destroy"], "destroy: asks before it deletes; where nobody can answer, give --yes\n"],
  [["repair"], "repair: say --all; finding what drifted comes with a later release\n"],
];

/** Runs a program by the loader that the launcher uses. */
function run(words: string[], input = ""): Promise<Outcome> {
  const args = ["--disable-warning=DEP0040", "--import", "tsx", ...words];
  const env = { ...process.env };
  delete env.SWARMSTEAD_STACK;
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { cwd: ROOT, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

const swarmstead = (...words: string[]): Promise<Outcome> => run(["ops/main.ts", ...words]);

describe("./swarmstead", () => {
  test("lists every command, with exit code 0 as a process of its own", async () => {
    const { code, stdout } = await swarmstead("--help");
    const listed = stdout.split("\n").flatMap((line) => /^ {2}([a-z]+)\b/.exec(line)?.[1] ?? []);
    expect([code, listed]).toEqual([0, COMMANDS]);
  });

  test("ends a wrong call with exit code 2 as a process of its own", async () => {
    const { code, stderr } = await swarmstead("status", "--jsno");
    expect([code, stderr]).toEqual([
      2,
      "status: Unknown option '--jsno'; see ./swarmstead status --help\n",
    ]);
  });

  test("ends a stack of a later release with exit code 1 as a process of its own", async () => {
    const { code, stderr } = await swarmstead("--stack", "prod", "up");
    expect(code).toBe(1);
    expect(stderr).toContain("platform hcloud comes with a later release, use lab until then");
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe("a call", () => {
  const outcomes = new Map<string, Outcome>();
  const outcome = (...words: string[]): Outcome =>
    outcomes.get(words.join(" ")) ?? { code: -1, stdout: "", stderr: "was not called" };

  // All in one process: most of the time of a call goes into loading what it imports.
  beforeAll(async () => {
    const calls = [
      [],
      ...COMMANDS.map((name) => [name, "--help"]),
      ...WRONG.map(([words]) => words),
      ["--stack=nowhere", "status"],
      ["--stack", "prod", "preview"],
      ["--stack", "prod", "status"],
    ].filter(([name]) => name !== "pulumi");
    const { stdout, stderr } = await run(["test/unit/ops/many-calls.ts"], JSON.stringify(calls));
    expect(stderr).toBe("");
    for (const [at, result] of (JSON.parse(stdout) as Outcome[]).entries()) {
      outcomes.set(calls[at]?.join(" ") ?? "", result);
    }
  });

  test.each(COMMANDS.filter((name) => name !== "pulumi"))("of %s --help explains it", (name) => {
    const { code, stdout, stderr } = outcome(name, "--help");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      new RegExp(`^\\./swarmstead ${name}\\b[^\n]*\n\n[^\n]+\n\n[^]*Exit code: `),
    );
  });

  test("without a command prints the usage with exit code 2", () => {
    const { code, stdout } = outcome();
    expect([code, stdout.split(" ")[0]]).toEqual([2, "./swarmstead"]);
  });

  test.each(WRONG)("%j is refused with exit code 2", (words, message) => {
    expect(outcome(...words)).toEqual({ code: 2, stdout: "", stderr: message });
  });

  test("for a stack that does not exist names the missing file", () => {
    expect(outcome("--stack=nowhere", "status")).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "--stack: there is no Pulumi.nowhere.yaml; copy Pulumi.dev.yaml to it and change what differs\n",
    });
  });

  test.each(["preview", "status"])("of %s for a platform of a later release says so", (name) => {
    const { code, stdout, stderr } = outcome("--stack", "prod", name);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("platform hcloud comes with a later release, use lab until then");
    expect(stderr).toContain("platform.kind");
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
