import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { acceleratorArguments } from "./accelerator";
import { type BakedImage, imagesOf } from "./baked-images";
import { PACKAGES, recipeHash, SUITE } from "./image-recipe";
import { runProgram } from "./run-program";

/** The base image that is wanted. */
export interface BaseImageRequest {
  /** Folder of the project. */
  root: string;
  /** Folder shared by all labs of the user. */
  cache: string;
  /** Names of the environment's apps, and of the platform's own stacks; it holds their container images. */
  apps: readonly string[];
}

/** Where the base image of the recipe is, or will be. */
export function imageFolder({ root, cache, apps }: BaseImageRequest): string {
  return join(cache, "images", recipeHash(root, imagesOf(apps)));
}

/** A line for each image, as `build-images.sh` reads them. */
function imageLines(root: string, images: readonly BakedImage[]): string[] {
  return images.map((image) => {
    const words = [image.name, join(root, image.source)];
    return "program" in image
      ? [...words, image.program, image.package ?? "."].join(" ")
      : [...words, "-", image.packages.join(), image.unpacked?.join() ?? ""].join(" ");
  });
}

/**
 * The folder of the base image (`disk.qcow2`, `vmlinuz`, `initrd`), baked where no image of this recipe is there yet.
 *
 * @throws {UserError} with the bake's last lines and the path of its log
 */
export async function bakeImage(
  request: BaseImageRequest,
  qemu: string,
  report: (text: string) => void,
): Promise<string> {
  const { root, cache, apps } = request;
  const output = imageFolder(request);
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
      IMAGES: imageLines(root, imagesOf(apps)).join("\n"),
    },
    onLine: (line) => {
      if (line.startsWith("STEP ")) {
        report(`base image: ${line.slice("STEP ".length)}`);
      }
    },
  });
  return output;
}
