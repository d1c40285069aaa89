import { execFile } from "node:child_process";
import { join } from "node:path";
import type { Outcome } from "./many-calls";

const ROOT = join(__dirname, "../../..");
const COMMANDS = [
  "up",
  "preview",
  "status",
  "doctor",
  "repair",
  "ssh",
  "power",
  "logs",
  "down",
  "destroy",
  "recovery-key",
  "adopt",
  "pulumi",
  "test",
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
    const listed = stdout
      .split("\n")
      .flatMap((line) => /^ {2}([a-z][a-z-]*)\b/.exec(line)?.[1] ?? []);
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

  test.each(["preview", "status"])("of %s for a platform of a later release says so", (name) => {
    const { code, stdout, stderr } = outcome("--stack", "prod", name);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("platform hcloud comes with a later release, use lab until then");
    expect(stderr).toContain("platform.kind");
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
