import { CHECK_PROGRAM } from "../components/vip/check-program";

/** What a manager says of the entry's address. */
export interface CandidateView {
  /** The machine's addresses at that moment. */
  addresses: readonly string[];
  /** Why it may not hold the address, in its own words; empty where it may. */
  fault: string;
}

/** The part of a look at a machine that asks for that; says nothing on one that never holds the address. */
export const LOOK_AT_CANDIDATE = `
if [ -x ${CHECK_PROGRAM} ]; then
  echo "addresses $(hostname -I)"
  if systemctl is-active --quiet keepalived; then
    fault=$(timeout 10 ${CHECK_PROGRAM}) || fault=\${fault:-its check ends without a word}
  else
    fault="keepalived does not run"
  fi
  echo "fault $fault"
fi
`;

/** What the lines of a look say of it; nothing where they do not tell all. */
export function parseCandidate(lines: readonly string[]): CandidateView | undefined {
  const words = (kind: string): string | undefined =>
    lines
      .find((line) => line.startsWith(`${kind} `))
      ?.slice(kind.length + 1)
      .trim();
  const [addresses, fault] = [words("addresses"), words("fault")];
  return addresses === undefined || fault === undefined
    ? undefined
    : { addresses: addresses.split(" "), fault };
}
