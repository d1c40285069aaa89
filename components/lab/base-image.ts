import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { acceleratorArguments } from "./accelerator";
import { IMAGES, PACKAGES, recipeHash, SUITE } from "./image-recipe";
import { runProgram } from "./run-program";

/** Where the base image of the recipe is, or will be. */
export function imageFolder(root: string, cache: string): string {
  return join(cache, "images", recipeHash(root));
}

/**
 * The folder of the base image (`disk.qcow2`, `vmlinuz`, `initrd`), baked where no image of this recipe is there yet.
 *
 * @param root folder of the project
 * @throws {UserError} with the bake's last lines and the path of its log
 */
export async function bakeImage(
  root: string,
  cache: string,
  qemu: string,
  report: (text: string) => void,
): Promise<string> {
  const output = imageFolder(root, cache);
  if (existsSync(output)) {
    return output;
  }
  mkdirSync(join(cache, "images"), { recursive: true });
  await runProgram("bash", [join(root, "components/lab/scripts/bake-image.sh")], {
    log: join(cache, "bake.log"),
    env: {
      OUTPUT: output,
      SCRIPTS: join(root, "components/lab/scripts"),
      QEMU_BIN: qemu,
      // Whether KVM works is tried with the kernel that is about to be made.
      ACCELERATOR: acceleratorArguments("tcg"),
      SUITE,
      PACKAGES: PACKAGES.join(","),
      IMAGES: IMAGES.map(
        ({ name, source, program }) => `${name} ${join(root, source)} ${program}`,
      ).join("\n"),
    },
    onLine: (line) => {
      if (line.startsWith("STEP ")) {
        report(`base image: ${line.slice("STEP ".length)}`);
      }
    },
  });
  return output;
}
