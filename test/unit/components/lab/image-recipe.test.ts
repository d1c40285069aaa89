import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { ENTRY_STACKS, IMAGES, imagesOf } from "../../../../components/lab/baked-images";
import { PACKAGES, recipeHash } from "../../../../components/lab/image-recipe";

const ROOT = resolve(__dirname, "../../../..");
const WORDPRESS = imagesOf(["wordpress"]);

let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), "recipe-"));
  for (const folder of ["components/lab/scripts", ...IMAGES.map(({ source }) => source)]) {
    cpSync(join(ROOT, folder), join(copy, folder), { recursive: true });
  }
});

afterEach(() => {
  rmSync(copy, { recursive: true });
});

test("the same recipe has the same name in another checkout", () => {
  expect(recipeHash(copy, WORDPRESS)).toBe(recipeHash(ROOT, WORDPRESS));
  expect(recipeHash(copy, WORDPRESS)).toMatch(/^[0-9a-f]{16}$/);
});

test.each([
  "components/lab/scripts/bake-image.sh",
  "components/lab/scripts/build-images.sh",
  "components/lab/scripts/customize-root.sh",
  "components/lab/scripts/load-images.sh",
  "apps/whoami/image/main.go",
  "apps/wordpress/images/mariadb/setup.sh",
  "apps/wordpress/images/wordpress/root/usr/local/lib/wordpress/install.php",
])("a change of %s is another image", (file) => {
  appendFileSync(join(copy, file), "\n");
  expect(recipeHash(copy, WORDPRESS)).not.toBe(recipeHash(ROOT, WORDPRESS));
});

test("a file that can be run no more is another image", () => {
  chmodSync(
    join(copy, "apps/wordpress/images/mariadb/root/usr/local/bin/docker-entrypoint.sh"),
    0o644,
  );
  expect(recipeHash(copy, WORDPRESS)).not.toBe(recipeHash(ROOT, WORDPRESS));
});

test("an environment's disks hold the images of its apps, and whoami's for the lab's tests", () => {
  const names = (apps: readonly string[]): string[] => imagesOf(apps).map(({ name }) => name);
  expect(names([])).toEqual(["swarmstead/whoami:1.0"]);
  expect(names(["wordpress"])).toEqual([
    "swarmstead/whoami:1.0",
    "swarmstead/mariadb:11.8",
    "swarmstead/wordpress:6.8",
  ]);
});

test("the images of the platform's own stacks are baked where those are asked for, and not else", () => {
  const own = imagesOf(ENTRY_STACKS).map(({ name }) => name);
  expect(own).toEqual([
    "swarmstead/whoami:1.0",
    "swarmstead/haproxy:3.0",
    "swarmstead/traefik:3.6.12",
  ]);
});

test("an environment without an app does not care for its images", () => {
  appendFileSync(join(copy, "apps/wordpress/images/mariadb/setup.sh"), "\n");
  expect(recipeHash(copy, imagesOf([]))).toBe(recipeHash(ROOT, imagesOf([])));
});

test("a new file of a program is another image", () => {
  writeFileSync(join(copy, "apps/whoami/image/more.go"), "package main\n");
  expect(recipeHash(copy, imagesOf([]))).not.toBe(recipeHash(ROOT, imagesOf([])));
});

test("how VMs are started is no part of the image", () => {
  appendFileSync(join(copy, "components/lab/scripts/lab-vm.sh"), "\n");
  expect(recipeHash(copy, WORDPRESS)).toBe(recipeHash(ROOT, WORDPRESS));
});

test("no package is named twice", () => {
  expect(new Set(PACKAGES).size).toBe(PACKAGES.length);
});

test.each(["whoami", "wordpress"])("the images that the app %s asks for are baked", (app) => {
  const compose = parse(readFileSync(join(ROOT, `apps/${app}/compose.yaml`), "utf8")) as {
    services: Record<string, { image: string }>;
  };
  const wanted = Object.values(compose.services).map(({ image }) => image);
  const own = IMAGES.filter(({ stack }) => stack === app).map(({ name }) => name);
  expect(own.sort()).toEqual(wanted.sort());
});
