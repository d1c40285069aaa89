import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether a program is on this computer, `sbin` folders counted. */
export function has(program: string): boolean {
  return spawnSync("which", [program], { env: toolEnv() }).status === 0;
}

function toolEnv(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: "C", PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` };
}

/**
 * A test that needs real programs; where one is missing it is skipped under a name that says so.
 *
 * @param root whether it has to be root as well. @default false
 */
export function testWith(
  programs: readonly string[],
  name: string,
  body: (() => void) | (() => Promise<void>),
  root = false,
): void {
  const missing = programs.filter((program) => !has(program));
  if (missing.length > 0) {
    test.skip(`${name} (not installed: ${missing.join(", ")})`, body);
  } else if (root && process.getuid?.() !== 0) {
    test.skip(`${name} (needs root)`, body);
  } else {
    test(name, body);
  }
}

/** What a program said of a text, both streams together. */
export interface Verdict {
  code: number | null;
  words: string;
}

/** Runs a program to its end. */
export function ask(program: string, args: readonly string[]): Verdict {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    env: toolEnv(),
    timeout: 60_000,
  });
  return { code: status, words: `${stdout}${stderr}` };
}

/** Puts texts into a folder that lasts as long as `use`, and gives its path. */
export function withFiles<T>(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), "swarmstead-tools-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, name), text);
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A new host key of OpenSSH's own making. */
export function makeHostKey(): { privateKey: string; publicKey: string } {
  return withFiles({}, (folder) => {
    const file = join(folder, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file]);
    const publicKey = readFileSync(`${file}.pub`, "utf8").trim();
    return { privateKey: readFileSync(file, "utf8"), publicKey };
  });
}
