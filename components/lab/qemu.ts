import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeLeftovers } from "../lib/leftovers";
import { runProgram } from "./run-program";

/** QEMU 7 emulates these guests at half the speed of QEMU 10, and crashed one (docs/performance.md). */
const MIN_VERSION = 9;
/** The release whose QEMU is unpacked where the computer's own is older. */
const NEWER_SUITE = "trixie";

async function systemVersion(): Promise<number> {
  const text = await runProgram("qemu-system-x86_64", ["--version"]);
  return Number(/version (\d+)/.exec(text)?.[1] ?? 0);
}

function writeProgram(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

/** A program of an unpacked Debian, started by that Debian's own loader and libraries. */
function wrapper(root: string, program: string, words: string): string {
  const lib = `${root}/usr/lib/x86_64-linux-gnu`;
  return [
    "#!/bin/sh",
    `export QEMU_MODULE_DIR="${lib}/qemu"`,
    `exec "${lib}/ld-linux-x86-64.so.2" --library-path "${lib}:${lib}/pulseaudio" "${root}/usr/bin/${program}"${words} "$@"`,
    "",
  ].join("\n");
}

/**
 * A folder with `qemu-system-x86_64` and `qemu-img`: the computer's own where it is new enough, else Debian's newer
 * one, unpacked beside it and installed nowhere.
 *
 * @param cache folder shared by all labs of the user
 */
export async function findQemu(cache: string, report: (text: string) => void): Promise<string> {
  const version = await systemVersion();
  const own = version >= MIN_VERSION;
  const folder = join(cache, "qemu", own ? `system-${String(version)}` : NEWER_SUITE);
  const bin = join(folder, "bin");
  if (existsSync(bin)) {
    return bin;
  }
  removeLeftovers(join(cache, "qemu"), /\.unfinished-(\d+)$/);
  const unfinished = `${folder}.unfinished-${String(process.pid)}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(join(unfinished, "bin"), { recursive: true });
  for (const program of ["qemu-system-x86_64", "qemu-img"]) {
    const paths =
      program === "qemu-img"
        ? ""
        : ` -L "${folder}/root/usr/share/qemu" -L "${folder}/root/usr/share/seabios"`;
    const text = own
      ? `#!/bin/sh\nexec ${program} "$@"\n`
      : wrapper(join(folder, "root"), program, paths);
    writeProgram(join(unfinished, "bin", program), text);
  }
  if (!own) {
    report(`this computer's QEMU is ${String(version)}: unpacking a newer one`);
    const include = "--include=qemu-system-x86,libvdeplug2t64,qemu-utils";
    // By an archive, so that all of it is this user's own and subordinate ids need not reach into the cache.
    const archive = join(unfinished, "root.tar");
    await runProgram("mmdebstrap", ["--variant=extract", include, NEWER_SUITE, archive], {
      log: join(cache, "qemu.log"),
    });
    const root = join(unfinished, "root");
    mkdirSync(root);
    await runProgram("tar", ["-C", root, "--no-same-owner", "--exclude=./dev", "-xf", archive]);
    rmSync(archive);
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  return bin;
}
