import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { runProgram } from "./run-program";

/** What the lab needs of this computer: a program, and the Debian package that has it. */
const PROGRAMS: Readonly<Record<string, string>> = {
  "qemu-system-x86_64": "qemu-system-x86",
  "qemu-img": "qemu-utils",
  vde_switch: "vde2",
  mmdebstrap: "mmdebstrap",
  genisoimage: "genisoimage",
  socat: "socat",
  ssh: "openssh-client",
  "mkfs.ext4": "e2fsprogs",
  flock: "util-linux",
  python3: "python3",
};

/** What a bake needs beside that where the user is not root: a range of ids of its own. */
const PROGRAMS_WITHOUT_ROOT: Readonly<Record<string, string>> = { newuidmap: "uidmap" };

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function onPath(program: string): boolean {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Debian packages of the programs that are missing. */
export function missingPackages(): string[] {
  const programs = { ...PROGRAMS, ...(isRoot() ? {} : PROGRAMS_WITHOUT_ROOT) };
  return Object.entries(programs)
    .filter(([program]) => !onPath(program))
    .map(([, debianPackage]) => debianPackage);
}

/** What is said of missing programs that the user has to install: all that only root may, and Go. */
export function renderMissing(packages: readonly string[], root: boolean, go: boolean): string[] {
  const line = `sudo apt-get install --no-install-recommends ${packages.join(" ")}`;
  return [
    ...(go
      ? []
      : ["go is missing: install it from https://go.dev/doc/install, or Debian's golang-go"]),
    ...(packages.length > 0 && !root
      ? [`programs are missing that the lab needs; install them with: ${line}`]
      : []),
  ];
}

/** What of the programs this user has to install. */
export function programLacks(): string[] {
  return renderMissing(missingPackages(), isRoot(), onPath("go"));
}

/** Installs what is missing; nothing where all is there. Only root may. */
export async function installPrograms(report: (text: string) => void): Promise<void> {
  const missing = missingPackages();
  if (missing.length === 0) {
    return;
  }
  report(`installing ${missing.join(", ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  // What an interrupted installation has left half done comes first, else apt refuses everything.
  await runProgram("dpkg", ["--configure", "-a"], { env });
  await runProgram("apt-get", ["-o", "DPkg::Lock::Timeout=120", "update", "--quiet"], { env });
  const options = ["--yes", "--quiet", "--fix-broken", "--no-install-recommends"];
  const words = ["install", ...options, ...missing];
  await runProgram("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...words], { env });
}
