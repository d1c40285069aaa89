/** A container image that is baked into the disk, as the lab reaches no registry. */
export type BakedImage = ProgramImage | PackageImage;

interface Image {
  /** The app that needs it. */
  app: string;
  /** Name and tag. */
  name: string;
  /** Folder that it is made of, from the project's. */
  source: string;
}

/** One Go program and nothing else. The folder is its module. */
export interface ProgramImage extends Image {
  /** Name of the program; the image's entry point is `/<program>`. */
  program: string;
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

export const IMAGES: readonly BakedImage[] = [
  {
    app: "whoami",
    name: "swarmstead/whoami:1.0",
    source: "apps/whoami/image",
    program: "whoami",
  },
  {
    app: "wordpress",
    name: "swarmstead/mariadb:11.8",
    source: "apps/wordpress/images/mariadb",
    packages: ["mariadb-client-core", "mariadb-server-core"],
  },
  {
    app: "wordpress",
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
];

/** The images that the disks of an environment with these apps hold. */
export function imagesOf(apps: readonly string[]): BakedImage[] {
  return IMAGES.filter(({ app }) => app === ALWAYS || apps.includes(app));
}
