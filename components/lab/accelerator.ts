import { spawn } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeWhole } from "../lib/write-whole";

/** How QEMU runs the VMs' code. */
export type Accelerator = "kvm" | "tcg";

/** A kernel reaches the end of its trial boot in about 2 s under a real KVM; under a nested, emulated one it takes minutes. */
const TRIAL_SECONDS = 15;

/** QEMU's arguments for an accelerator; the same as in `scripts/lab-vm.sh`. */
export function acceleratorArguments(accelerator: Accelerator): string {
  return accelerator === "kvm"
    ? "-accel kvm -cpu host"
    : "-accel tcg,thread=multi,tb-size=512 -cpu Westmere";
}

/** Boots the kernel with no disk; one that gets to the point of missing it has shown that KVM works. */
function trialBoot(qemu: string, image: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(
      join(qemu, "qemu-system-x86_64"),
      [
        ..."-machine q35 -accel kvm -cpu host -m 512 -nodefaults -display none -no-reboot -serial stdio".split(
          " ",
        ),
        ...["-kernel", join(image, "vmlinuz"), "-initrd", join(image, "initrd")],
        ...["-append", "console=ttyS0 panic=-1 root=/dev/none rootdelay=1"],
      ],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    let heard = "";
    const finish = (works: boolean): void => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      resolve(works);
    };
    const timer = setTimeout(finish, TRIAL_SECONDS * 1000, false);
    child.stdout.on("data", (data: Buffer) => {
      heard += data.toString();
      if (heard.includes("Run /init as init process") || heard.includes("/dev/none")) {
        finish(true);
      }
    });
    child.on("error", () => {
      finish(false);
    });
    child.on("close", () => {
      finish(false);
    });
  });
}

/**
 * KVM where a trial boot shows that it works, else QEMU's own emulation; says which and why. The device file alone
 * proves nothing. The answer holds until this computer is booted again.
 */
export async function findAccelerator(
  cache: string,
  qemu: string,
  image: string,
  report: (text: string) => void,
): Promise<Accelerator> {
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  const memory = join(cache, "accelerator", boot);
  if (existsSync(memory)) {
    return readFileSync(memory, "utf8") as Accelerator;
  }
  let why = "/dev/kvm cannot be opened";
  let works = false;
  try {
    accessSync("/dev/kvm", constants.R_OK | constants.W_OK);
    report(`trying KVM, for ${String(TRIAL_SECONDS)} s at most`);
    works = await trialBoot(qemu, image);
    why = works
      ? "a kernel booted under it"
      : `no kernel booted under it in ${String(TRIAL_SECONDS)} s`;
  } catch {
    // There is none, or it is not for this user.
  }
  const found: Accelerator = works ? "kvm" : "tcg";
  mkdirSync(dirname(memory), { recursive: true });
  writeWhole(memory, found);
  report(
    found === "kvm" ? `VMs run under KVM: ${why}` : `VMs are emulated (TCG), without KVM: ${why}`,
  );
  return found;
}
