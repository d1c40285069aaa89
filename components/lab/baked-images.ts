import { OWN_IMAGES } from "../lib/images";

/** A container image that is baked into the disk, as the lab reaches no registry. */
export type BakedImage = ProgramImage | PackageImage;

interface Image {
  /** The stack that needs it: an app, or a service of the platform's own. */
  stack: string;
  /** Name and tag. */
  name: string;
  /** Folder that it is made of, from the project's. */
  source: string;
}

/** One Go program and nothing else. The folder is a module. */
export interface ProgramImage extends Image {
  /** Path of the program in the image, without its first slash; the image's entry point. */
  program: string;
  /** The program's package, where the module only names it as its tool. @default the folder itself */
  package?: string;
}

/**
 * A root of Debian packages. The folder holds `root/`, files to lay over it, and `setup.sh`, which is run in it last; the
 * image's entry point is `/usr/local/bin/docker-entrypoint.sh`.
 */
export interface PackageImage extends Image {
  /** Packages that are installed, with those that they depend on. */
  packages: readonly string[];
  /** Packages that are unpacked alone, as they depend on what the image has no use for. @default none */
  unpacked?: readonly string[];
}

/** The app whose image every lab has: its tests use it. */
const ALWAYS = "whoami";

/** The stacks that an environment with an entry has beside its apps. No app can have such a name. */
export const ENTRY_STACKS: readonly string[] = ["socket-proxy", "traefik"];

export const IMAGES: readonly BakedImage[] = [
  {
    stack: "whoami",
    name: "swarmstead/whoami:1.0",
    source: "apps/whoami/image",
    program: "whoami",
  },
  {
    stack: "wordpress",
    name: "swarmstead/mariadb:11.8",
    source: "apps/wordpress/images/mariadb",
    packages: ["mariadb-client-core", "mariadb-server-core"],
  },
  {
    stack: "wordpress",
    name: "swarmstead/wordpress:6.8",
    source: "apps/wordpress/images/wordpress",
    packages: [
      "ca-certificates",
      "libapache2-mod-php8.4",
      "libjs-cropper",
      "libjs-lodash",
      "libjs-underscore",
      "php-getid3",
      "php8.4-gd",
      "php8.4-mbstring",
      "php8.4-mysql",
      "php8.4-xml",
    ],
    unpacked: ["wordpress", "wordpress-theme-twentytwentyfive"],
  },
  {
    stack: "socket-proxy",
    name: OWN_IMAGES.haproxy.lab,
    source: "components/socket-proxy/image",
    packages: ["haproxy"],
  },
  {
    stack: "traefik",
    name: OWN_IMAGES.traefik.lab,
    source: "components/traefik/image",
    // Where the official image has it.
    program: "usr/local/bin/traefik",
    package: "github.com/traefik/traefik/v3/cmd/traefik",
  },
];

/** The images that the disks of an environment with these stacks hold. */
export function imagesOf(stacks: readonly string[]): BakedImage[] {
  return IMAGES.filter(({ stack }) => stack === ALWAYS || stacks.includes(stack));
}
