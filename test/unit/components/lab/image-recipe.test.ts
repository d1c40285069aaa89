import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { IMAGES, PACKAGES, recipeHash } from "../../../../components/lab/image-recipe";

const ROOT = resolve(__dirname, "../../../..");

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
  expect(recipeHash(copy)).toBe(recipeHash(ROOT));
  expect(recipeHash(copy)).toMatch(/^[0-9a-f]{16}$/);
});

test.each([
  "components/lab/scripts/bake-image.sh",
  "components/lab/scripts/customize-root.sh",
  "components/lab/scripts/load-images.sh",
  "apps/whoami/image/main.go",
])("a change of %s is another image", (file) => {
  appendFileSync(join(copy, file), "\n");
  expect(recipeHash(copy)).not.toBe(recipeHash(ROOT));
});

test("a new file of a program is another image", () => {
  writeFileSync(join(copy, "apps/whoami/image/more.go"), "package main\n");
  expect(recipeHash(copy)).not.toBe(recipeHash(ROOT));
});

test("how VMs are started is no part of the image", () => {
  appendFileSync(join(copy, "components/lab/scripts/lab-vm.sh"), "\n");
  expect(recipeHash(copy)).toBe(recipeHash(ROOT));
});

test("no package is named twice", () => {
  expect(new Set(PACKAGES).size).toBe(PACKAGES.length);
});

test("the image that the app whoami asks for is baked", () => {
  const compose = parse(readFileSync(join(ROOT, "apps/whoami/compose.yaml"), "utf8")) as {
    services: { whoami: { image: string } };
  };
  expect(IMAGES.map(({ name }) => name)).toContain(compose.services.whoami.image);
});
