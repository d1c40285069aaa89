import { quote } from "../../../components/lib/shell";
import type { LabStack } from "../lab-stack";
import { ADDRESS } from "./environment";

/** What curl says on the visitor, of a host through the address; no certificate is verified. */
export function curlOnVisitor(
  lab: LabStack,
  host: string,
  path: string,
  ...more: readonly string[]
): Promise<string> {
  const words = [
    ...["curl", "--silent", "--show-error", "--max-time", "20", "--insecure"],
    ...["--resolve", `${host}:443:${ADDRESS}`, "--resolve", `${host}:80:${ADDRESS}`],
    ...more,
    path.includes("://") ? path : `https://${host}${path}`,
  ];
  return lab.on("visitor", words.map(quote).join(" "));
}
