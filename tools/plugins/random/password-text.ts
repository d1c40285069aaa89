import { randomInt } from "node:crypto";

const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** What a password is made of. Counts are of characters. */
export interface PasswordSpec {
  length: number;
  lower: boolean;
  upper: boolean;
  numeric: boolean;
  special: boolean;
  minLower: number;
  minUpper: number;
  minNumeric: number;
  minSpecial: number;
  /** The characters that count as special. @default `!@#$%&*()-_=+[]{}<>:?` */
  overrideSpecial?: string;
}

function pick(characters: string, count: number): string[] {
  return Array.from({ length: count }, () => characters.charAt(randomInt(characters.length)));
}

/** A random password with at least as many characters of each class as asked for, in random order. */
export function passwordText(spec: PasswordSpec): string {
  const classes = [
    { wanted: spec.special, least: spec.minSpecial, characters: spec.overrideSpecial ?? SPECIAL },
    { wanted: spec.lower, least: spec.minLower, characters: "abcdefghijklmnopqrstuvwxyz" },
    { wanted: spec.upper, least: spec.minUpper, characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
    { wanted: spec.numeric, least: spec.minNumeric, characters: "0123456789" },
  ];
  const any = classes.map(({ wanted, characters }) => (wanted ? characters : "")).join("");
  const drawn = classes.flatMap(({ least, characters }) => pick(characters, least));
  drawn.push(...pick(any, spec.length - drawn.length));
  for (let at = drawn.length - 1; at > 0; at -= 1) {
    const other = randomInt(at + 1);
    [drawn[at], drawn[other]] = [drawn[other] ?? "", drawn[at] ?? ""];
  }
  return drawn.join("");
}
