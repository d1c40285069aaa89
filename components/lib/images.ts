/** Images of one program: baked into the disks of the lab, which reaches no registry, and fetched by the nodes elsewhere. */
export interface OwnImage {
  lab: string;
  registry: string;
}

/** What the platform's own services run: the one table of their versions. */
export const OWN_IMAGES = {
  haproxy: { lab: "swarmstead/haproxy:3.0", registry: "haproxy:3.0" },
  // Built from its Go module in the lab, for which there is none of the versions that have every known hole mended.
  traefik: { lab: "swarmstead/traefik:3.6.12", registry: "traefik:v3.7.13" },
} as const satisfies Readonly<Record<string, OwnImage>>;

/** Where an image of the table is corrected, for messages. */
export const OWN_IMAGES_SOURCE = "components/lib/images.ts";

/**
 * The image of a program for the machines of a platform.
 *
 * @param platform the platform's kind
 */
export function ownImage(program: keyof typeof OWN_IMAGES, platform: string): string {
  return OWN_IMAGES[program][platform === "lab" ? "lab" : "registry"];
}
