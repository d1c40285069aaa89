import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { UserError } from "../lib/user-error";
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

/**
 * Makes sure that the programs are there: installs what is missing where run as root.
 *
 * @throws {UserError} with the one line that installs them all, where not root; or where Go is missing
 */
export async function requirePrograms(report: (text: string) => void): Promise<void> {
  const root = process.getuid?.() === 0;
  const missing = Object.entries({ ...PROGRAMS, ...(root ? {} : PROGRAMS_WITHOUT_ROOT) })
    .filter(([program]) => !onPath(program))
    .map(([, debianPackage]) => debianPackage);
  const faults: string[] = [];
  if (!onPath("go")) {
    faults.push("go is missing: install it from https://go.dev/doc/install, or Debian's golang-go");
  }
  if (missing.length > 0 && root) {
    report(`installing ${missing.join(", ")}`);
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await runProgram("apt-get", ["-o", "DPkg::Lock::Timeout=120", "update", "--quiet"], { env });
    const words = ["install", "--yes", "--quiet", "--no-install-recommends", ...missing];
    await runProgram("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...words], { env });
  } else if (missing.length > 0) {
    const line = `sudo apt-get install --no-install-recommends ${missing.join(" ")}`;
    faults.push(`programs are missing that the lab needs; install them with: ${line}`);
  }
  if (faults.length > 0) {
    throw new UserError(faults.join("\n"));
  }
}
